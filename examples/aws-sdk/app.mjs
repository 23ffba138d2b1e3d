// Teas from DynamoDB, through the AWS SDK. OpenTelemetry's instrumentation says which operation, table and region it was;
// it has to be there before the SDK is. Without an address it asks AWS itself.
//
//   node --import fluoroscope-sdk/register app.mjs 3000 http://127.0.0.1:8000
import { createServer } from "node:http";
import { registerInstrumentations } from "@opentelemetry/instrumentation";
import { AwsInstrumentation } from "@opentelemetry/instrumentation-aws-sdk";

registerInstrumentations({ instrumentations: [new AwsInstrumentation()] });
const { DynamoDBClient, GetItemCommand } = await import("@aws-sdk/client-dynamodb");

const [port, endpoint] = process.argv.slice(2);
const client = new DynamoDBClient({ ...(endpoint && { endpoint }), maxAttempts: 1 });

const server = createServer(async (request, response) => {
  try {
    const key = { tea: { S: request.url.slice(1) } };
    const { Item } = await client.send(new GetItemCommand({ TableName: "teas", Key: key }));
    response.writeHead(Item === undefined ? 404 : 200).end(JSON.stringify(Item));
  } catch (error) {
    response.writeHead(503).end(`${error.name}\n`);
  }
});
server.listen(Number(port), "127.0.0.1", () => console.log(`Listening on http://127.0.0.1:${server.address().port}`));
