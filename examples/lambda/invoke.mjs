// Plays Lambda on this machine: says which trace the invocation belongs to, calls the handler, and sends the two segments
// that Lambda makes itself, that of the service and that of the function. What Lambda sets for a function's process is set
// by whoever starts this.
//
//   LAMBDA_TASK_ROOT=. AWS_LAMBDA_FUNCTION_NAME=brew \
//     node --import fluoroscope-sdk/register invoke.mjs green http://127.0.0.1:2000/healthz
import { randomBytes } from "node:crypto";
import { createSocket } from "node:dgram";
import { handler } from "./handler.mjs";

const hex = (bytes) => randomBytes(bytes).toString("hex");
const seconds = () => Date.now() / 1_000;
const started = seconds();
const trace_id = `1-${Math.floor(started).toString(16)}-${hex(12)}`;
const service = { trace_id, id: hex(8), name: process.env.AWS_LAMBDA_FUNCTION_NAME, origin: "AWS::Lambda" };
const execution = { ...service, id: hex(8), parent_id: service.id, origin: "AWS::Lambda::Function" };

process.env._X_AMZN_TRACE_ID = `Root=${trace_id};Parent=${execution.id};Sampled=1`;
const result = await handler({ tea: process.argv[2], url: process.argv[3] });

const times = { start_time: started, end_time: seconds() };
const [host, port] = (process.env.AWS_XRAY_DAEMON_ADDRESS ?? "127.0.0.1:2000").split(":");
const socket = createSocket("udp4");
for (const segment of [
  { ...service, ...times, http: { response: { status: 200 } } },
  { ...execution, ...times },
]) {
  const document = `{"format":"json","version":1}\n${JSON.stringify(segment)}`;
  await new Promise((resolve) => socket.send(document, Number(port), host, resolve));
}
socket.close();
console.log(`${JSON.stringify(result)}\ntrace ${trace_id}`);
