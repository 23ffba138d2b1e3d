// One Lambda function for X-Ray's SDK for Node and for what stands for it: two invocations, and one that is passed through.
process.env.LAMBDA_TASK_ROOT = "/var/task";
const http = require("node:http");
const AWSXRay = require("aws-xray-sdk-core");

AWSXRay.setLogger({ debug() {}, info() {}, warn() {}, error() {} });
const client = AWSXRay.captureHTTPs(http, false);
const headers = [];
let url;

async function handler() {
  const segment = AWSXRay.getSegment();
  segment.addAnnotation("refused", true);
  await AWSXRay.captureAsyncFunc("handle", async (handle) => {
    handle.addAnnotation("tea", "green");
    AWSXRay.captureFunc("below", () => undefined);
    await new Promise((resolve) => client.get(url, (answer) => answer.resume().on("end", resolve)));
    handle.close();
  });
  segment.close();
}

const server = http.createServer((request, response) => {
  headers.push(request.headers["x-amzn-trace-id"]?.replaceAll(/Parent=\w+/g, "Parent=…") ?? "none");
  response.end();
});
server.listen(0, "127.0.0.1", async () => {
  const { port } = server.address();
  url = `http://127.0.0.1:${port}/`;
  for (const rest of [
    ";Parent=53995c3f42cd8ad8;Sampled=1;Lineage=a:1",
    ";Parent=53995c3f42cd8ad9;Sampled=1",
    ";Parent=53995c3f42cd8ad8;Sampled=0",
    "",
  ]) {
    process.env._X_AMZN_TRACE_ID = `Root=1-5759e988-bd862e3fe1be46a994272793${rest}`;
    await handler();
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  console.log(JSON.stringify({ ports: [port], headers }));
  server.close();
  server.closeAllConnections();
});
