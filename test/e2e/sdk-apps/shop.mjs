// A shop in Express that traces nothing itself. It asks a stock service, in each way that Node has. Prints its port.
import { get } from "node:http";
import express from "express";

const stock = process.env.STOCK_URL;
const ask = (path) =>
  new Promise((resolve, reject) => {
    get(stock + path, (answer) => answer.resume().on("end", () => resolve(answer.statusCode))).on("error", reject);
  });

const app = express();
app.get("/tea/:kind", async (request, response) => {
  const fetched = await fetch(`${stock}/${request.params.kind}?token=secret`);
  await fetched.text();
  await ask("/sugar");
  response.json({ tea: request.params.kind });
});
app.get("/slow", (_request, response) => setTimeout(() => response.end("at last"), 30_000));
app.get("/missing", async (_request, response) => {
  response.status(await ask("/none")).end();
});
app.get("/broken", () => {
  throw new Error("the kettle leaks");
});
app.use((_error, _request, response, _next) => {
  response.status(500).end();
});
const server = app.listen(0, "127.0.0.1", () => console.log(server.address().port));
