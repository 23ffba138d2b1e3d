// One Express application for X-Ray's SDK for Node and for what stands for it: asks itself, and ends.
const http = require("node:http");
const { setTimeout: sleep } = require("node:timers/promises");
const express = require("express");
const AWSXRay = require("aws-xray-sdk-core");
const xrayExpress = require("aws-xray-sdk-express");

AWSXRay.setLogger({ debug() {}, info() {}, warn() {}, error() {} });
AWSXRay.middleware.disableCentralizedSampling();
AWSXRay.middleware.setSamplingRules({
  version: 2,
  rules: [{ host: "*", http_method: "GET", url_path: "/never", fixed_target: 0, rate: 0 }],
  default: { fixed_target: 100, rate: 1 },
});
AWSXRay.captureHTTPsGlobal(http);

const app = express();
app.use(xrayExpress.openSegment("shop"));
app.get("/tea", async (_request, response) => {
  AWSXRay.getSegment().addAnnotation("tea", "green");
  await sleep(1);
  AWSXRay.captureFunc("pour", (pour) => pour.addMetadata("cup", 1));
  response.json({ tea: "green" });
});
app.post("/body", (request, response) => {
  let text = "";
  request.on("data", (part) => {
    text += part;
  });
  request.on("end", () => {
    AWSXRay.captureFunc("read", (read) => read.addAnnotation("text", text));
    response.status(201).end();
  });
});
app.get("/ask", (_request, response) => {
  http.get(`${url}/tea`, (answer) => answer.resume().on("end", () => response.end()));
});
app.get("/broken", () => {
  throw new Error("the pot is broken");
});
app.get("/never", (_request, response) => {
  AWSXRay.captureFunc("never seen", () => response.end());
});
app.get("/busy", (_request, response) => response.status(429).end());
app.use(xrayExpress.closeSegment());
app.use((_error, _request, response, _next) => response.status(500).end());

let url;
const told = [];

async function ask(path, headers = {}, options = {}) {
  const asked = fetch(url + path, { headers, ...options });
  const response = await asked;
  await response.text();
  told.push(response.headers.get("x-amzn-trace-id"));
  await sleep(15);
}

const server = app.listen(0, "127.0.0.1", async () => {
  const { port } = server.address();
  url = `http://127.0.0.1:${port}`;
  const parent = "Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8";
  await ask("/tea?token=none", { "x-amzn-trace-id": `${parent};Sampled=1` });
  await ask("/tea", { "x-amzn-trace-id": `Self=1-1-1;${parent.toLowerCase()};Sampled=?` });
  await ask("/tea", { "x-amzn-trace-id": `${parent};Sampled=0` });
  await ask("/body", { "x-forwarded-for": "192.0.2.1, 192.0.2.2" }, { method: "POST", body: "hello" });
  await ask("/ask", { "user-agent": "tea" });
  await ask("/broken");
  await ask("/never");
  await ask("/busy");
  AWSXRay.middleware.enableDynamicNaming("*.0.0.1:*");
  await ask("/none");
  console.log(JSON.stringify({ ports: [port], headers: told }));
  server.close();
  server.closeAllConnections();
});
