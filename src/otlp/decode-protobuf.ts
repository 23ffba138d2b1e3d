import { type Decoded, decoding, ElementCount, maxDepth, NotDecodable } from "../otel/decoded.ts";
import { kindOf, statusCodeOf } from "../otel/enumerations.ts";
import type { OtlpRequest } from "../otel/otlp-request.ts";
import type {
  Attributes,
  AttributeValue,
  Resource,
  Scope,
  Span,
  SpanEvent,
  SpanLink,
  SpanStatus,
} from "../otel/span.ts";
import { ProtobufFields } from "./protobuf-fields.ts";

/**
 * Reads an `ExportTraceServiceRequest` in protobuf. Unknown fields, and known ones of another type, are skipped. Never
 * throws.
 *
 * The cases below are tags as they stand in the bytes: eight times the field's number in OTLP's definition, plus the type
 * (0 a varint, 1 eight bytes, 2 a length and as many bytes, 5 four bytes).
 */
export function decodeProtobuf(bytes: Uint8Array): Decoded {
  return decoding(() => readRequest(new Reading(bytes)));
}

/** The fields, and what is counted of them. */
class Reading extends ProtobufFields {
  readonly elements: ElementCount = new ElementCount();
}

/** A group whose parts may still come: in protobuf a resource may stand behind its spans. */
interface Group {
  readonly resource: Resource;
  readonly scope: Writable<Scope>;
  readonly spans: Span[];
}

type Writable<T> = { -readonly [Key in keyof T]: T[Key] };
type AttributeMap = Map<string, AttributeValue>;

function readRequest(pbf: Reading): OtlpRequest {
  const groups: Group[] = [];
  const end = pbf.length;
  while (pbf.pos < end) {
    const tag = pbf.readVarint();
    if (tag === 0x0a) readResourceSpans(pbf, pbf.lengthEnd(end), groups);
    else pbf.skipField(tag, end);
  }
  pbf.finish(end);
  return groups;
}

function readResourceSpans(pbf: Reading, end: number, groups: Group[]): void {
  const attributes: AttributeMap = new Map();
  const resource: Resource = { attributes };
  while (pbf.pos < end) {
    const tag = pbf.readVarint();
    if (tag === 0x0a) readResource(pbf, pbf.lengthEnd(end), attributes);
    else if (tag === 0x12) readScopeSpans(pbf, pbf.lengthEnd(end), resource, groups);
    else pbf.skipField(tag, end);
  }
  pbf.finish(end);
}

function readResource(pbf: Reading, end: number, attributes: AttributeMap): void {
  while (pbf.pos < end) {
    const tag = pbf.readVarint();
    if (tag === 0x0a) readAttribute(pbf, pbf.lengthEnd(end), attributes, 0);
    else pbf.skipField(tag, end);
  }
  pbf.finish(end);
}

function readScopeSpans(pbf: Reading, end: number, resource: Resource, groups: Group[]): void {
  const group: Group = { resource, scope: { name: "", version: undefined }, spans: [] };
  while (pbf.pos < end) {
    const tag = pbf.readVarint();
    if (tag === 0x0a) readScope(pbf, pbf.lengthEnd(end), group.scope);
    else if (tag === 0x12) group.spans.push(readSpan(pbf, pbf.lengthEnd(end)));
    else pbf.skipField(tag, end);
  }
  pbf.finish(end);
  if (group.spans.length > 0) groups.push(group);
}

function readScope(pbf: Reading, end: number, scope: Writable<Scope>): void {
  while (pbf.pos < end) {
    const tag = pbf.readVarint();
    if (tag === 0x0a) scope.name = pbf.text(end);
    else if (tag === 0x12) scope.version = pbf.text(end) || undefined;
    else pbf.skipField(tag, end);
  }
  pbf.finish(end);
}

function readSpan(pbf: Reading, end: number): Span {
  pbf.elements.add();
  let traceId = "";
  let spanId = "";
  let parentSpanId: string | undefined;
  let flags: number | undefined;
  let name = "";
  let kind = 0;
  let startTimeUnixNano = "0";
  let endTimeUnixNano = "0";
  let attributes: AttributeMap | undefined;
  let events: SpanEvent[] | undefined;
  let links: SpanLink[] | undefined;
  let status: SpanStatus | undefined;
  while (pbf.pos < end) {
    const tag = pbf.readVarint();
    switch (tag) {
      case 0x0a:
        traceId = pbf.hex(end);
        break;
      case 0x12:
        spanId = pbf.hex(end);
        break;
      case 0x22:
        parentSpanId = pbf.hex(end) || undefined;
        break;
      case 0x2a:
        name = pbf.text(end);
        break;
      case 0x30:
        kind = pbf.readVarint();
        break;
      case 0x39:
        startTimeUnixNano = pbf.nanoseconds();
        break;
      case 0x41:
        endTimeUnixNano = pbf.nanoseconds();
        break;
      case 0x4a:
        attributes ??= new Map();
        readAttribute(pbf, pbf.lengthEnd(end), attributes, 0);
        break;
      case 0x5a:
        events ??= [];
        events.push(readEvent(pbf, pbf.lengthEnd(end)));
        break;
      case 0x6a:
        links ??= [];
        links.push(readLink(pbf, pbf.lengthEnd(end)));
        break;
      case 0x7a:
        status = readStatus(pbf, pbf.lengthEnd(end), status);
        break;
      case 0x85:
        flags = pbf.readFixed32() || undefined;
        break;
      default:
        pbf.skipField(tag, end);
    }
  }
  pbf.finish(end);
  return {
    traceId,
    spanId,
    parentSpanId,
    flags,
    name,
    kind: kindOf(kind),
    startTimeUnixNano,
    endTimeUnixNano,
    attributes: attributes ?? noAttributes,
    events: events ?? nothing,
    links: links ?? nothing,
    status,
  };
}

const noAttributes: Attributes = new Map();
const nothing: readonly never[] = [];

function readEvent(pbf: Reading, end: number): SpanEvent {
  pbf.elements.add();
  let timeUnixNano = "0";
  let name = "";
  let attributes: AttributeMap | undefined;
  while (pbf.pos < end) {
    const tag = pbf.readVarint();
    switch (tag) {
      case 0x09:
        timeUnixNano = pbf.nanoseconds();
        break;
      case 0x12:
        name = pbf.text(end);
        break;
      case 0x1a:
        attributes ??= new Map();
        readAttribute(pbf, pbf.lengthEnd(end), attributes, 0);
        break;
      default:
        pbf.skipField(tag, end);
    }
  }
  pbf.finish(end);
  return { timeUnixNano, name, attributes: attributes ?? noAttributes };
}

function readLink(pbf: Reading, end: number): SpanLink {
  pbf.elements.add();
  let traceId = "";
  let spanId: string | undefined;
  let attributes: AttributeMap | undefined;
  while (pbf.pos < end) {
    const tag = pbf.readVarint();
    switch (tag) {
      case 0x0a:
        traceId = pbf.hex(end);
        break;
      case 0x12:
        spanId = pbf.hex(end) || undefined;
        break;
      case 0x22:
        attributes ??= new Map();
        readAttribute(pbf, pbf.lengthEnd(end), attributes, 0);
        break;
      default:
        pbf.skipField(tag, end);
    }
  }
  pbf.finish(end);
  return { traceId, spanId, attributes: attributes ?? noAttributes };
}

/** A status in two pieces is one status. */
function readStatus(pbf: Reading, end: number, earlier: SpanStatus | undefined): SpanStatus {
  let code = earlier?.code ?? 0;
  let message = earlier?.message;
  while (pbf.pos < end) {
    const tag = pbf.readVarint();
    if (tag === 0x12) message = pbf.text(end) || undefined;
    else if (tag === 0x18) code = statusCodeOf(pbf.readVarint());
    else pbf.skipField(tag, end);
  }
  pbf.finish(end);
  return { code, message };
}

function readAttribute(pbf: Reading, end: number, attributes: AttributeMap, depth: number): void {
  let key = "";
  let value: AttributeValue = null;
  while (pbf.pos < end) {
    const tag = pbf.readVarint();
    if (tag === 0x0a) key = pbf.key(end);
    else if (tag === 0x12) value = readValue(pbf, pbf.lengthEnd(end), depth);
    else pbf.skipField(tag, end);
  }
  pbf.finish(end);
  attributes.set(key, value);
}

function readValue(pbf: Reading, end: number, depth: number): AttributeValue {
  if (depth > maxDepth) throw new NotDecodable(`values are nested deeper than ${maxDepth} levels`);
  let value: AttributeValue = null;
  while (pbf.pos < end) {
    const tag = pbf.readVarint();
    switch (tag) {
      case 0x0a:
        value = pbf.text(end);
        break;
      case 0x10:
        value = pbf.readVarint() !== 0;
        break;
      case 0x18:
        value = pbf.integer();
        break;
      case 0x21:
        value = pbf.readDouble();
        break;
      case 0x2a:
        value = readArray(pbf, pbf.lengthEnd(end), depth + 1);
        break;
      case 0x32:
        value = readKeyValues(pbf, pbf.lengthEnd(end), depth + 1);
        break;
      case 0x3a:
        value = pbf.base64(end);
        break;
      default:
        pbf.skipField(tag, end);
    }
  }
  pbf.finish(end);
  return value;
}

function readArray(pbf: Reading, end: number, depth: number): readonly AttributeValue[] {
  const values: AttributeValue[] = [];
  while (pbf.pos < end) {
    const tag = pbf.readVarint();
    if (tag === 0x0a) values.push(readValue(pbf, pbf.lengthEnd(end), depth));
    else pbf.skipField(tag, end);
  }
  pbf.finish(end);
  return values;
}

function readKeyValues(pbf: Reading, end: number, depth: number): AttributeValue {
  const values: AttributeMap = new Map();
  while (pbf.pos < end) {
    const tag = pbf.readVarint();
    if (tag === 0x0a) readAttribute(pbf, pbf.lengthEnd(end), values, depth);
    else pbf.skipField(tag, end);
  }
  pbf.finish(end);
  // Defines each as a member of its own, `__proto__` too.
  return Object.fromEntries(values);
}
