// An Express app on AWS's own X-Ray SDK, with nothing in it that knows of fluoroscope: the SDK sends to 127.0.0.1:2000
// unless AWS_XRAY_DAEMON_ADDRESS says otherwise, and that is where fluoroscope listens. Open a page and look at the map.
//
//   fluoroscope up
//   node examples/existing-xray-sdk/app.cjs 3000
//   curl http://127.0.0.1:3000/hello
const AWSXRay = require("aws-xray-sdk-core");
const xrayExpress = require("aws-xray-sdk-express");
const express = require("express");

// Left alone, the SDK asks fluoroscope for sampling rules: one request a second, and 5 % of the rest. Here: all of them.
AWSXRay.middleware.disableCentralizedSampling();
AWSXRay.middleware.setSamplingRules({ version: 2, default: { fixed_target: 1, rate: 1 }, rules: [] });

const app = express();
app.use(xrayExpress.openSegment("hello-app"));
app.get("/hello", (request, response) => {
  AWSXRay.getSegment().addAnnotation("polite", request.query.please !== undefined);
  response.send("Hello!\n");
});
app.use(xrayExpress.closeSegment());

const server = app.listen(Number(process.argv[2] ?? 3000), "127.0.0.1", () => {
  console.log(`Listening on http://127.0.0.1:${server.address().port}`);
});
