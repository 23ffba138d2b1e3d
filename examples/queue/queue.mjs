// What the example needs of SQS: one queue, whose messages keep their attributes.
//
//   node queue.mjs 9324
import { createHash, randomUUID } from "node:crypto";
import { EventEmitter, once } from "node:events";
import { createServer } from "node:http";
import { json } from "node:stream/consumers";

const messages = [];
const arrivals = new EventEmitter();
const md5 = (text) => createHash("md5").update(text).digest("hex");

const operations = {
  SendMessage({ MessageBody, MessageAttributes }) {
    const MessageId = randomUUID();
    const MD5OfBody = md5(MessageBody);
    messages.push({ MessageId, ReceiptHandle: MessageId, Body: MessageBody, MD5OfBody, MessageAttributes });
    arrivals.emit("message");
    return { MessageId, MD5OfMessageBody: MD5OfBody };
  },
  async ReceiveMessage({ WaitTimeSeconds = 0 }) {
    const signal = AbortSignal.timeout(WaitTimeSeconds * 1_000 + 1);
    if (messages.length === 0) await once(arrivals, "message", { signal }).catch(() => "nothing came");
    return { Messages: messages.splice(0, 1) };
  },
  DeleteMessage: () => ({}),
};

const server = createServer(async (request, response) => {
  const operation = request.headers["x-amz-target"].split(".").at(-1);
  const answer = await operations[operation](await json(request));
  response.setHeader("content-type", "application/x-amz-json-1.0").end(JSON.stringify(answer));
});
server.listen(Number(process.argv[2]), "127.0.0.1", () => {
  console.log(`Listening on http://127.0.0.1:${server.address().port}`);
});
