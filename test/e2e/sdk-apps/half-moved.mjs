// A shop on its way from X-Ray's SDK to OpenTelemetry: it still has all of the first, and some of the second. Prints its port.
import http from "node:http";
import { trace } from "@opentelemetry/api";
import AWSXRay, { captureAsyncFunc, captureFunc, getSegment } from "aws-xray-sdk-core";
import xrayExpress from "aws-xray-sdk-express";
import { captureFetchGlobal } from "aws-xray-sdk-fetch";
import express from "express";

const tracer = trace.getTracer("shop");
AWSXRay.captureHTTPsGlobal(http);
captureFetchGlobal();

const app = express();
app.use(xrayExpress.openSegment("shop"));
app.get("/tea", async (_request, response) => {
  getSegment().addAnnotation("tea", "green");
  await captureAsyncFunc("brew", async (brew) => {
    await tracer.startActiveSpan("boil", async (boil) => {
      captureFunc("stir", (stir) => stir.addAnnotation("stirred", true));
      boil.end();
    });
    brew.close();
  });
  await new Promise((resolve) => {
    http.get(`${url}/sugar`, (answer) => answer.resume().on("end", resolve));
  });
  await (await fetch(`${url}/sugar`)).text();
  response.end();
});
app.get("/broken", () => {
  throw new Error("the pot is broken");
});
app.get("/sugar", (_request, response) => response.end());
app.use(xrayExpress.closeSegment());
app.use((_error, _request, response, _next) => response.status(500).end());
let url;
const server = app.listen(0, "127.0.0.1", () => {
  const { port } = server.address();
  url = `http://127.0.0.1:${port}`;
  console.log(port);
});
