// The AWS SDK's client of the queue, traced: the instrumentation puts the trace header into each message that is sent, and
// links to the senders into the span that receives. It has to be there before the SDK is.
import { registerInstrumentations } from "@opentelemetry/instrumentation";
import { AwsInstrumentation } from "@opentelemetry/instrumentation-aws-sdk";

// One subsegment for a call is enough: the request over HTTP that it is made with needs none.
registerInstrumentations({ instrumentations: [new AwsInstrumentation({ suppressInternalInstrumentation: true })] });

export const { DeleteMessageCommand, ReceiveMessageCommand, SendMessageCommand, SQSClient } = await import(
  "@aws-sdk/client-sqs"
);
