// Calls a URL from code, traced. Prints the status, where the time went and the trace's id; with a fluoroscope (or any
// X-Ray daemon) at AWS_XRAY_DAEMON_ADDRESS the call is on its map a moment later.
//
//   node examples/call-a-url/call-a-url.mjs https://example.com
import { call } from "fluoroscope";

const { head, failure, startMs, endMs, trace } = await call(process.argv[2] ?? "https://example.com", {
  name: "call-a-url",
  annotations: { example: true },
});
console.log(`${failure ? failure.message : head.status} after ${Math.round(endMs - startMs)} ms`);
console.log(`trace ${trace.id}`);
