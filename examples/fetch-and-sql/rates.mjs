// The other server: how much of a currency one euro is.
//
//   node --import fluoroscope-sdk/register rates.mjs 3001
import { createServer } from "node:http";

const rates = { euro: 1, yen: 160 };

const server = createServer((request, response) => {
  const rate = rates[request.url.slice(1)];
  response.writeHead(rate === undefined ? 404 : 200).end(JSON.stringify({ rate }));
});
server.listen(Number(process.argv[2]), "127.0.0.1", () => {
  console.log(`Listening on http://127.0.0.1:${server.address().port}`);
});
