// What the example needs of DynamoDB: one table of teas, and an answer that too much is asked for "oolong".
//
//   node dynamodb.mjs 8000
import { createServer } from "node:http";
import { json } from "node:stream/consumers";

const teas = { green: { tea: { S: "green" }, cents: { N: "320" } } };

const server = createServer(async (request, response) => {
  const { Key } = await json(request);
  const isTooMuch = Key.tea.S === "oolong";
  const answer = isTooMuch
    ? { __type: "com.amazonaws.dynamodb.v20120810#ProvisionedThroughputExceededException", message: "Slow down." }
    : { Item: teas[Key.tea.S] };
  const head = { "content-type": "application/x-amz-json-1.0", "x-amzn-requestid": "EXAMPLEREQUEST" };
  response.writeHead(isTooMuch ? 400 : 200, head).end(JSON.stringify(answer));
});
server.listen(Number(process.argv[2]), "127.0.0.1", () => {
  console.log(`Listening on http://127.0.0.1:${server.address().port}`);
});
