// What a tea costs: its price from PostgreSQL, times what another server says. One query and one fetch for each request.
// OpenTelemetry's instrumentation traces the driver, and has to be there before it.
//
//   node --import fluoroscope-sdk/register app.mjs 3000 <database URL> <rates URL>
import { createServer } from "node:http";
import { trace } from "@opentelemetry/api";
import { registerInstrumentations } from "@opentelemetry/instrumentation";
import { PgInstrumentation } from "@opentelemetry/instrumentation-pg";

registerInstrumentations({ instrumentations: [new PgInstrumentation()] });
const { default: pg } = await import("pg");

const [port, databaseUrl, ratesUrl] = process.argv.slice(2);
const pool = new pg.Pool({ connectionString: databaseUrl, max: 1 });

async function price(tea, currency) {
  const { rows } = await pool.query("select cents from prices where tea = $1", [tea]);
  const { rate } = await (await fetch(`${ratesUrl}/${currency}`)).json();
  return { tea, currency, price: (rows[0].cents * rate) / 100 };
}

const server = createServer(async (request, response) => {
  const [, tea, currency] = request.url.split("/");
  try {
    response.end(JSON.stringify(await price(tea, currency)));
  } catch (error) {
    trace.getActiveSpan()?.recordException(error);
    response.writeHead(500).end(`${error.message}\n`);
  }
});
server.listen(Number(port), "127.0.0.1", () => console.log(`Listening on http://127.0.0.1:${server.address().port}`));
