// A shop of two services as OpenTelemetry's JavaScript records it, one visit that goes well and one that does not, sent by
// the exporter that OTEL_EXPORTER_OTLP_PROTOCOL names (http/json, http/protobuf, grpc); where to, its own variables say.
const { createRequire } = require("node:module");
const { ROOT_CONTEXT, SpanKind, SpanStatusCode, trace } = require("@opentelemetry/api");
const { BasicTracerProvider, BatchSpanProcessor } = require("@opentelemetry/sdk-trace-base");

const load = {
  "http/json": () => require("@opentelemetry/exporter-trace-otlp-http"),
  "http/protobuf": () => require("@opentelemetry/exporter-trace-otlp-proto"),
  grpc: () => require("@opentelemetry/exporter-trace-otlp-grpc"),
};
const { OTLPTraceExporter } = load[process.env.OTEL_EXPORTER_OTLP_PROTOCOL]();
const fromSdk = createRequire(require.resolve("@opentelemetry/sdk-trace-base"));
const { resourceFromAttributes } = fromSdk("@opentelemetry/resources");

const providers = [];

function tracerOf(service) {
  const provider = new BasicTracerProvider({
    resource: resourceFromAttributes({
      "service.name": service,
      "telemetry.sdk.language": "nodejs",
      "telemetry.sdk.name": "opentelemetry",
    }),
    spanProcessors: [new BatchSpanProcessor(new OTLPTraceExporter())],
  });
  providers.push(provider);
  return provider.getTracer("shop", "1.0.0");
}

const [storefront, orders] = ["storefront", "orders"].map(tracerOf);

function inside(tracer, parent, name, kind, attributes, work) {
  const span = tracer.startSpan(name, { kind, attributes }, parent);
  try {
    work?.(trace.setSpan(parent, span), span);
  } finally {
    span.end();
  }
}

function visit(hasFailed) {
  const status = hasFailed ? 500 : 200;
  const answered = { "http.response.status_code": status };
  const request = {
    "http.request.method": "GET",
    "url.scheme": "http",
    "url.path": "/",
    "server.address": "shop.example.com",
  };
  const call = {
    "http.request.method": "GET",
    "url.full": "http://orders.internal:8080/orders?token=secret",
    "server.address": "orders.internal",
    "server.port": 8080,
  };
  const query = {
    "db.system.name": "postgresql",
    "db.namespace": "shop",
    "db.query.text": "SELECT * FROM orders WHERE id = $1",
    "server.address": "db.internal",
    "server.port": 5432,
  };
  inside(storefront, ROOT_CONTEXT, "GET /", SpanKind.SERVER, { ...request, ...answered }, (page, pageSpan) => {
    if (hasFailed) pageSpan.setStatus({ code: SpanStatusCode.ERROR });
    inside(storefront, page, "GET", SpanKind.CLIENT, { ...call, ...answered }, (calling) => {
      // As it arrives at another process.
      const arrived = trace.setSpanContext(ROOT_CONTEXT, { ...trace.getSpanContext(calling), isRemote: true });
      inside(
        orders,
        arrived,
        "GET /orders",
        SpanKind.SERVER,
        { ...request, "url.path": "/orders", ...answered },
        (own, span) => {
          inside(orders, own, "pg.query:SELECT shop", SpanKind.CLIENT, query);
          if (!hasFailed) return;
          span.recordException(new TypeError("no such order"));
          span.setStatus({ code: SpanStatusCode.ERROR, message: "no such order" });
        },
      );
    });
  });
}

visit(false);
visit(true);
Promise.all(providers.map((provider) => provider.shutdown())).catch((error) => {
  console.error(error);
  process.exitCode = 1;
});
