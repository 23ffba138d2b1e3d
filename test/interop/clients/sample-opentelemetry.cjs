// Thirty requests a second, of which OpenTelemetry's sampler for X-Ray samples as its rules say. What is sampled is sent as a
// document, which that sampler leaves to others: node sample-opentelemetry.cjs SERVICE
const { randomBytes } = require("node:crypto");
const { createSocket } = require("node:dgram");
const { ROOT_CONTEXT } = require("@opentelemetry/api");
const { AWSXRayRemoteSampler } = require("@opentelemetry/sampler-aws-xray");

const [service] = process.argv.slice(2);
const { udp, tcp } = Object.fromEntries(
  process.env.AWS_XRAY_DAEMON_ADDRESS.split(" ").map((part) => part.match(/^(udp|tcp):(.*)$/).slice(1)),
);
const [host, port] = udp.split(":");
const resource = { attributes: { "service.name": service } };
const sampler = new AWSXRayRemoteSampler({ resource, endpoint: `http://${tcp}`, pollingInterval: 300 });
const socket = createSocket("udp4");
const recorded = 2;

function handleRequest() {
  const traceId = randomBytes(16).toString("hex");
  const attributes = { "url.path": "/", "http.request.method": "GET", "server.address": "shop.example.com" };
  const { decision } = sampler.shouldSample(ROOT_CONTEXT, traceId, "GET /", 1, attributes, []);
  if (decision !== recorded) return;
  const now = Date.now() / 1000;
  const segment = {
    trace_id: `1-${traceId.slice(0, 8)}-${traceId.slice(8)}`,
    id: randomBytes(8).toString("hex"),
    name: service,
    start_time: now,
    end_time: now,
  };
  socket.send(`{"format":"json","version":1}\n${JSON.stringify(segment)}`, Number(port), host);
}

setInterval(handleRequest, 33);
