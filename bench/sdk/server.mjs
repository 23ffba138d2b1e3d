// An Express application of bench/sdk.ts: a middleware, and a route that awaits two turns and answers JSON. Prints its
// port; answers at /cpu the microseconds of CPU that it has used. Run: node server.mjs <none|xray-sdk>
import { setImmediate as turn } from "node:timers/promises";

const xray = process.argv[2] === "xray-sdk" ? (await import("aws-xray-sdk-core")).default : undefined;
const middleware = xray && (await import("aws-xray-sdk-express")).default;
const { default: express } = await import("express");

const app = express();
app.get("/cpu", (_request, response) => {
  const { user, system } = process.cpuUsage();
  response.json(user + system);
});
if (middleware) {
  // Every request is recorded, as the other contenders do.
  xray.middleware.setSamplingRules({ version: 2, rules: [], default: { fixed_target: 1e6, rate: 1 } });
  xray.middleware.disableCentralizedSampling();
  app.use(middleware.openSegment("bench"));
}
app.use((_request, response, next) => {
  response.setHeader("x-served-by", "bench");
  next();
});
app.get("/tea/:kind", async (request, response) => {
  await turn();
  await turn();
  response.json({ tea: request.params.kind });
});
if (middleware) app.use(middleware.closeSegment());
const server = app.listen(0, "127.0.0.1", () => console.log(server.address().port));
