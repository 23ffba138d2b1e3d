// A tea shop in Fastify. Each request is traced because of how the program is started; @fastify/otel adds a subsegment for
// each hook and handler, with their routes and their errors.
//
//   node --import fluoroscope-sdk/register app.mjs 3000
import { FastifyOtelInstrumentation } from "@fastify/otel";
import Fastify from "fastify";

const cents = { green: 320, black: 280 };

const app = Fastify();
await app.register(new FastifyOtelInstrumentation().plugin());

app.get("/teas/:tea", async (request, reply) => {
  const { tea } = request.params;
  request.opentelemetry().span.setAttribute("tea", tea);
  if (tea in cents) return { tea, cents: cents[tea] };
  return reply.code(404).send({ message: `There is no ${tea} tea.` });
});
app.get("/spill", async () => {
  throw new Error("The cup is full.");
});

await app.listen({ port: Number(process.argv[2] ?? 3000) });
console.log(`Listening on http://127.0.0.1:${app.server.address().port}`);
