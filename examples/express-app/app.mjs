// A tea shop in Express. Its requests are traced because of how it is started; OpenTelemetry's API adds what only the shop
// knows: which tea was asked for, who asked, and what went wrong.
//
//   node --import fluoroscope-sdk/register app.mjs 3000
import { trace } from "@opentelemetry/api";
import express from "express";

const cents = { green: 320, black: 280 };

const app = express();
app.get("/teas/:tea", (request, response) => {
  const { tea } = request.params;
  trace.getActiveSpan()?.setAttributes({ tea, "enduser.id": request.get("x-user") ?? "guest" });
  if (tea in cents) response.json({ tea, cents: cents[tea] });
  else response.status(404).json({ message: `There is no ${tea} tea.` });
});
app.get("/brew", async (_request, response) => {
  await trace.getTracer("express-app").startActiveSpan("boil", async (span) => {
    await new Promise((resolve) => setTimeout(resolve, 30));
    span.end();
  });
  response.send("Tea!\n");
});
app.get("/spill", () => {
  throw new Error("The cup is full.");
});
app.use((error, _request, response, _next) => {
  trace.getActiveSpan()?.recordException(error);
  response.status(500).send("Something broke.\n");
});

const server = app.listen(Number(process.argv[2] ?? 3000), "127.0.0.1", () => {
  console.log(`Listening on http://127.0.0.1:${server.address().port}`);
});
