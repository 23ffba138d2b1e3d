// A script on AWS's own SDK: one segment, four calls of the bookshop at the address given, then the end.
const AWSXRay = require("aws-xray-sdk-core");
const { captureFetchGlobal } = require("aws-xray-sdk-fetch");
const http = AWSXRay.captureHTTPs(require("node:http"));

captureFetchGlobal();
const [, , address] = process.argv;
const segment = new AWSXRay.Segment("call-script");
segment.setUser("reader-7");
const namespace = AWSXRay.getNamespace();

function get(path) {
  return new Promise((resolve, reject) => {
    http
      .get(`${address}${path}`, (response) => {
        response.resume();
        response.on("end", resolve);
      })
      .on("error", reject);
  });
}

namespace.run(async () => {
  AWSXRay.setSegment(segment);
  await get("/ok");
  await get("/busy");
  await get("/boom");
  await (await fetch(`${address}/stock`)).text();
  segment.addAnnotation("books", 2);
  segment.close();
  console.log(segment.trace_id);
});
