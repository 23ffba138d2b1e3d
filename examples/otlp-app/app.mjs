// A program on OpenTelemetry's own SDK, with nothing in it that knows of fluoroscope: its exporter sends to port 4318 of
// this machine unless OTEL_EXPORTER_OTLP_ENDPOINT says otherwise, and that is where fluoroscope listens. It takes one order:
// a row in a database, and a payment that fails.
//
//   node app.mjs
import { context, SpanKind, SpanStatusCode, trace } from "@opentelemetry/api";
import { AsyncLocalStorageContextManager } from "@opentelemetry/context-async-hooks";
import { OTLPTraceExporter } from "@opentelemetry/exporter-trace-otlp-proto";
import { resourceFromAttributes } from "@opentelemetry/resources";
import { BasicTracerProvider, BatchSpanProcessor } from "@opentelemetry/sdk-trace-base";

const provider = new BasicTracerProvider({
  resource: resourceFromAttributes({ "service.name": "otlp-app" }),
  spanProcessors: [new BatchSpanProcessor(new OTLPTraceExporter())],
});
trace.setGlobalTracerProvider(provider);
context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
const tracer = trace.getTracer("otlp-app");

const asServer = { "http.request.method": "POST", "url.scheme": "http", "server.address": "localhost" };
const toDatabase = { "db.system.name": "postgresql", "db.namespace": "shop", "server.address": "db.example" };
const toPayments = {
  "http.request.method": "POST",
  "url.full": "https://payments.example/charge",
  "server.address": "payments.example",
};

await tracer.startActiveSpan(
  "POST /orders",
  { kind: SpanKind.SERVER, attributes: { ...asServer, "url.path": "/orders" } },
  async (order) => {
    order.setAttribute("tea", "green");
    const insert = tracer.startSpan("INSERT orders", { kind: SpanKind.CLIENT, attributes: toDatabase });
    await new Promise((resolve) => setTimeout(resolve, 5));
    insert.end();
    const charge = tracer.startSpan("POST", { kind: SpanKind.CLIENT, attributes: toPayments });
    charge.setAttribute("http.response.status_code", 503).setStatus({ code: SpanStatusCode.ERROR });
    charge.recordException(new Error("The bank is closed."));
    charge.end();
    order.setAttribute("http.response.status_code", 202);
    order.end();
    console.log(`trace ${order.spanContext().traceId}`);
  },
);
await provider.shutdown();
