// Takes orders over HTTP, and puts each into a queue.
//
//   node --import fluoroscope-sdk/register producer.mjs 3000 http://127.0.0.1:9324
import { createServer } from "node:http";
import { SendMessageCommand, SQSClient } from "./sqs.mjs";

const [port, endpoint] = process.argv.slice(2);
const client = new SQSClient({ endpoint });
const QueueUrl = `${endpoint}/000000000000/orders`;

const server = createServer(async (request, response) => {
  await client.send(new SendMessageCommand({ QueueUrl, MessageBody: request.url.slice(1) }));
  response.writeHead(202).end("Your tea will be brewed.\n");
});
server.listen(Number(port), "127.0.0.1", () => console.log(`Listening on http://127.0.0.1:${server.address().port}`));
