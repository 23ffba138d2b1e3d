// One program, traced by either SDK: an Express shop that calls a stock service and fails. Run: node sdk-pair.mjs <xray|ours>
// `ours` is started with --import fluoroscope-sdk/register, `xray` with the X-Ray SDK for Node. Prints the shop's port.
import http from "node:http";
import express from "express";

const stock = process.env.STOCK_URL;
const app = express();
let close = [];
if (process.argv[2] === "xray") {
  const { default: xray } = await import("aws-xray-sdk-core");
  const { default: middleware } = await import("aws-xray-sdk-express");
  xray.captureHTTPsGlobal(http, true);
  app.use(middleware.openSegment("shop"));
  close = [middleware.closeSegment()];
}
const ask = (path) =>
  new Promise((resolve, reject) => {
    http.get(stock + path, (answer) => answer.resume().on("end", () => resolve(answer.statusCode))).on("error", reject);
  });

app.get("/tea", async (_request, response) => {
  response.json(await ask("/tea?cup=1"));
});
app.get("/none", async (_request, response) => {
  response.status(404).json(await ask("/404"));
});
app.get("/busy", async (_request, response) => {
  response.status(503).json(await ask("/429"));
});
for (const middleware of close) app.use(middleware);
const server = app.listen(0, "127.0.0.1", () => console.log(server.address().port));
