// A Lambda runtime as custom ones are: asks for invocations one after another, and runs a handler for each. Answers of
// functions that stream go out by node:http, as in Lambda's own.
import { request } from "node:http";

const api = `http://${process.env.AWS_LAMBDA_RUNTIME_API}/2018-06-01/runtime/invocation`;
const { handler } = await import(process.argv[2]);

for (;;) {
  const next = await fetch(`${api}/next`);
  const event = await next.json();
  const id = next.headers.get("lambda-runtime-aws-request-id");
  process.env._X_AMZN_TRACE_ID = next.headers.get("lambda-runtime-trace-id") ?? "";
  if (event.end) process.exit(0);
  if (event.streams) {
    const answer = request(`${api}/${id}/response`, { method: "POST", headers: { "transfer-encoding": "chunked" } });
    const answered = new Promise((resolve) => answer.on("response", (told) => told.resume().on("end", resolve)));
    await handler(event, answer);
    await answered;
  } else {
    const answer = await handler(event).catch((error) => ({ errorMessage: error.message }));
    const path = "errorMessage" in answer ? "error" : "response";
    await (await fetch(`${api}/${id}/${path}`, { method: "POST", body: JSON.stringify(answer) })).text();
  }
}
