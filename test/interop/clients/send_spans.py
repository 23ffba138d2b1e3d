"""The shop of send-spans.cjs, as OpenTelemetry's Python records it: two services, one visit that goes well, one that does not.

The exporter is the one that OTEL_EXPORTER_OTLP_PROTOCOL names (http/protobuf, grpc); where to, its own variables say.
"""

import os

from opentelemetry import trace
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.trace import NonRecordingSpan, SpanContext, SpanKind, Status, StatusCode

if os.environ["OTEL_EXPORTER_OTLP_PROTOCOL"] == "grpc":
    from opentelemetry.exporter.otlp.proto.grpc.trace_exporter import OTLPSpanExporter
else:
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter

providers = []


def tracer_of(service):
    provider = TracerProvider(resource=Resource.create({"service.name": service}))
    provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
    providers.append(provider)
    return provider.get_tracer("shop", "1.0.0")


storefront, orders = tracer_of("storefront"), tracer_of("orders")


def as_it_arrives(context):
    """At another process."""
    remote = SpanContext(context.trace_id, context.span_id, True, context.trace_flags)
    return trace.set_span_in_context(NonRecordingSpan(remote))


def visit(has_failed):
    answered = {"http.response.status_code": 500 if has_failed else 200}
    request = {
        "http.request.method": "GET",
        "url.scheme": "http",
        "url.path": "/",
        "server.address": "shop.example.com",
    }
    call = {
        "http.request.method": "GET",
        "url.full": "http://orders.internal:8080/orders?token=secret",
        "server.address": "orders.internal",
        "server.port": 8080,
    }
    query = {
        "db.system.name": "postgresql",
        "db.namespace": "shop",
        "db.query.text": "SELECT * FROM orders WHERE id = $1",
        "server.address": "db.internal",
        "server.port": 5432,
    }
    with storefront.start_as_current_span("GET /", kind=SpanKind.SERVER, attributes=request | answered) as page:
        if has_failed:
            page.set_status(Status(StatusCode.ERROR))
        with storefront.start_as_current_span("GET", kind=SpanKind.CLIENT, attributes=call | answered) as calling:
            own = request | answered | {"url.path": "/orders"}
            arrived = as_it_arrives(calling.get_span_context())
            with orders.start_as_current_span("GET /orders", arrived, SpanKind.SERVER, own) as span:
                with orders.start_as_current_span("SELECT shop", kind=SpanKind.CLIENT, attributes=query):
                    pass
                if has_failed:
                    span.record_exception(TypeError("no such order"))
                    span.set_status(Status(StatusCode.ERROR, "no such order"))


visit(False)
visit(True)
for provider in providers:
    provider.shutdown()
