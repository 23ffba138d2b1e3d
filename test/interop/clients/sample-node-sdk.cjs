// Thirty requests a second, of which X-Ray's SDK for Node samples as its rules say: node sample-node-sdk.cjs SERVICE
const AWSXRay = require("aws-xray-sdk-core");

const [service] = process.argv.slice(2);
const request = { headers: { host: "shop.example.com" }, method: "GET", url: "/" };

/** As the SDK's middleware for Express begins and ends a segment. */
function handleRequest() {
  const header = AWSXRay.middleware.processHeaders(request);
  const segment = new AWSXRay.Segment(service, header.root, header.parent);
  AWSXRay.middleware.resolveSampling(header, segment, { req: request });
  segment.close();
}

AWSXRay.middleware.setSamplingRules({ version: 2, default: { fixed_target: 0, rate: 0 }, rules: [] });
setInterval(handleRequest, 33);
