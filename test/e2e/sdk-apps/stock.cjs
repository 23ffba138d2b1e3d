// A stock service in CommonJS on bare node:http. It makes a span of its own through OpenTelemetry's API. Prints its port.
const { createServer } = require("node:http");
const { trace } = require("@opentelemetry/api");

const tracer = trace.getTracer("stock");
const server = createServer((request, response) => {
  tracer.startActiveSpan("count", { attributes: { shelf: 3 } }, async (span) => {
    try {
      await count(request.url);
    } catch (error) {
      span.recordException(error);
      span.setStatus({ code: 2 });
      response.statusCode = 404;
    } finally {
      span.end();
    }
    response.end("many");
  });
});

async function count(url) {
  await null;
  if (url.startsWith("/none")) throw new Error("nothing left", { cause: new RangeError("shelf 3 is empty") });
}

server.listen(0, "127.0.0.1", () => console.log(server.address().port));
