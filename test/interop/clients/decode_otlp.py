"""Reads a file of OTLP/JSON requests, one a line, with the protocol's own definitions, and prints what it has understood.

Nothing is ignored: a field that the protocol does not know, or a value of another type, is an error.
"""

import base64
import json
import sys

from google.protobuf import json_format
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.trace.v1.trace_pb2 import Span

ID_BYTES = {"traceId": 16, "spanId": 8, "parentSpanId": 8}


def with_base64_ids(value):
    """OTLP has ids in hex, where protobuf's JSON has bytes in base64."""
    if isinstance(value, list):
        return [with_base64_ids(item) for item in value]
    if not isinstance(value, dict):
        return value
    return {name: as_bytes(name, item) if name in ID_BYTES else with_base64_ids(item) for name, item in value.items()}


def as_bytes(name, text):
    data = bytes.fromhex(text)
    if len(data) != ID_BYTES[name] or text != text.lower():
        raise ValueError(f"{name} {text!r} is not {ID_BYTES[name]} bytes in lower-case hex")
    return base64.b64encode(data).decode()


def plain(value):
    kind = value.WhichOneof("value")
    if kind is None:
        return None
    if kind == "array_value":
        return [plain(item) for item in value.array_value.values]
    if kind == "kvlist_value":
        return attributes(value.kvlist_value.values)
    return getattr(value, kind)


def attributes(pairs):
    keys = [pair.key for pair in pairs]
    if len(set(keys)) != len(keys) or "" in keys:
        raise ValueError(f"keys must be there once, and not empty: {keys}")
    return {pair.key: plain(pair.value) for pair in pairs}


def describe(span, resource, scope):
    return {
        "traceId": span.trace_id.hex(),
        "spanId": span.span_id.hex(),
        "parentSpanId": span.parent_span_id.hex(),
        "flags": span.flags,
        "name": span.name,
        "kind": Span.SpanKind.Name(span.kind),
        "start": str(span.start_time_unix_nano),
        "end": str(span.end_time_unix_nano),
        "attributes": attributes(span.attributes),
        "events": [{"name": event.name, "attributes": attributes(event.attributes)} for event in span.events],
        "links": [{"traceId": link.trace_id.hex(), "spanId": link.span_id.hex()} for link in span.links],
        "status": [span.status.code, span.status.message],
        "resource": attributes(resource.attributes),
        "scope": scope.name,
    }


for line in open(sys.argv[1], encoding="utf-8"):
    request = ExportTraceServiceRequest()
    json_format.ParseDict(with_base64_ids(json.loads(line)), request, ignore_unknown_fields=False)
    # Through the wire's form as well: what is no UTF-8 would fail there.
    request = ExportTraceServiceRequest.FromString(request.SerializeToString())
    spans = [
        describe(span, group.resource, scoped.scope)
        for group in request.resource_spans
        for scoped in group.scope_spans
        for span in scoped.spans
    ]
    print(json.dumps(spans))
