// Brews what is ordered. The trace that began with the order goes on here: its header came with the message.
//
//   node --import fluoroscope-sdk/register consumer.mjs http://127.0.0.1:9324
import { propagation, ROOT_CONTEXT, SpanKind, trace } from "@opentelemetry/api";
import { DeleteMessageCommand, ReceiveMessageCommand, SQSClient } from "./sqs.mjs";

const endpoint = process.argv[2];
const client = new SQSClient({ endpoint });
const QueueUrl = `${endpoint}/000000000000/orders`;
const tracer = trace.getTracer("queue");
const inAttributes = { get: (attributes, name) => attributes?.[name]?.StringValue, keys: Object.keys };

console.log("Waiting for orders");
for (;;) {
  const { Messages = [] } = await client.send(new ReceiveMessageCommand({ QueueUrl, WaitTimeSeconds: 5 }));
  for (const message of Messages) await brew(message);
}

async function brew({ Body: tea, ReceiptHandle, MessageAttributes = {} }) {
  const within = propagation.extract(ROOT_CONTEXT, MessageAttributes, inAttributes);
  const options = { kind: SpanKind.CONSUMER, attributes: { tea } };
  await tracer.startActiveSpan("brew", options, within, async (span) => {
    await new Promise((resolve) => setTimeout(resolve, 30));
    await client.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }));
    console.log(`Brewed ${tea}`);
    span.end();
  });
}
