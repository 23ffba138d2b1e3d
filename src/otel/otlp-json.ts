import { JsonBytes, longestUnit } from "./json-bytes.ts";
import type {
  Attributes,
  AttributeValue,
  Resource,
  ResourceSpans,
  Scope,
  Span,
  SpanEvent,
  SpanKind,
  SpanLink,
} from "./span.ts";

/**
 * An `ExportTraceServiceRequest` in OTLP's JSON: the body of `POST /v1/traces`. Groups that have the same resource and
 * scope become one.
 */
export function writeOtlpJson(groups: readonly ResourceSpans[]): Uint8Array {
  const request = new OtlpJsonRequest();
  for (const group of groups) request.add(group);
  return request.take();
}

/** Such a request that grows group by group: what was added is bytes already, and need not be kept. */
export class OtlpJsonRequest {
  readonly #groups = new Map<string, OpenGroup>();
  /** Nearly always equal resources are one object, and there is one scope: no key is needed then. */
  readonly #met = new Map<Resource, OpenGroup>();

  get isEmpty(): boolean {
    return this.#groups.size === 0;
  }

  add({ resource, scope, spans }: ResourceSpans): void {
    let group = this.#met.get(resource);
    if (group?.scope !== scope) {
      group = this.#groupOf(resource, scope);
      this.#met.set(resource, group);
    }
    for (const span of spans) {
      group.json.raw(group.spans === 0 ? "[" : ",");
      writeSpan(group.json, span);
      group.spans += 1;
    }
  }

  /** Ends the request. */
  take(): Uint8Array {
    whole.clear();
    whole.raw('{"resourceSpans":');
    writeList(whole, this.#groups.values(), writeGroup);
    whole.raw("}");
    for (const { json } of this.#groups.values()) if (idle.length < maxIdle) idle.push(json);
    this.#groups.clear();
    this.#met.clear();
    return whole.take();
  }

  #groupOf(resource: Resource, scope: Scope): OpenGroup {
    const key = keyOf(resource, scope);
    let group = this.#groups.get(key);
    if (group === undefined) {
      group = { resource, scope, json: idle.pop() ?? new JsonBytes(groupBytes), spans: 0 };
      group.json.clear();
      this.#groups.set(key, group);
    }
    return group;
  }
}

/** The spans of one resource and scope that have been added. */
interface OpenGroup {
  readonly resource: Resource;
  readonly scope: Scope;
  readonly json: JsonBytes;
  spans: number;
}

const whole = new JsonBytes();
/** Memory of groups that were taken, to be written to again. */
const idle: JsonBytes[] = [];
const maxIdle = 64;
const groupBytes = 8 * 1024;

/** With the length before each part, no two resources have the same. */
function keyOf({ attributes }: Resource, { name, version = "" }: Scope): string {
  let key = `${name.length} ${name}${version.length} ${version}`;
  for (const [attribute, value] of attributes) {
    const text = typeof value === "string" ? value : JSON.stringify(value);
    key += `${typeof value} ${attribute.length} ${attribute}${text.length} ${text}`;
  }
  return key;
}

function writeGroup(into: JsonBytes, { resource, scope, json, spans }: OpenGroup): void {
  into.raw('{"resource":{"attributes":');
  writeAttributes(into, resource.attributes);
  into.raw('},"scopeSpans":[{"scope":{"name":');
  into.text(scope.name);
  if (scope.version !== undefined) {
    into.raw(',"version":');
    into.text(scope.version);
  }
  into.raw('},"spans":');
  into.bytes(json.written());
  into.raw(spans === 0 ? "[]}]}" : "]}]}");
}

function writeSpan(json: JsonBytes, span: Span): void {
  const { parentSpanId, flags, attributes, events, links, status } = span;
  // Piece by piece: putting texts together only to take them apart again costs more than the calls.
  json.raw('{"traceId":"');
  json.raw(span.traceId);
  json.raw('","spanId":"');
  json.raw(span.spanId);
  if (parentSpanId !== undefined) {
    json.raw('","parentSpanId":"');
    json.raw(parentSpanId);
  }
  json.raw('",');
  if (flags !== undefined) json.raw(`"flags":${flags},`);
  json.raw('"name":');
  json.text(span.name);
  json.raw(kinds[span.kind]);
  json.raw(span.startTimeUnixNano);
  json.raw('","endTimeUnixNano":"');
  json.raw(span.endTimeUnixNano);
  json.raw('"');
  if (attributes.size > 0) {
    json.raw(',"attributes":');
    writeAttributes(json, attributes);
  }
  if (events.length > 0) {
    json.raw(',"events":');
    writeList(json, events, writeEvent);
  }
  if (links.length > 0) {
    json.raw(',"links":');
    writeList(json, links, writeLink);
  }
  if (status !== undefined) {
    json.raw(`,"status":{"code":${status.code}`);
    if (status.message !== undefined) {
      json.raw(',"message":');
      json.text(status.message);
    }
    json.raw("}");
  }
  json.raw("}");
}

/** What stands between a span's name and its start. */
const kinds = [0, 1, 2, 3, 4, 5].map((kind) => `,"kind":${kind},"startTimeUnixNano":"`) as unknown as Readonly<
  Record<SpanKind, string>
>;

function writeEvent(json: JsonBytes, { timeUnixNano, name, attributes }: SpanEvent): void {
  json.raw(`{"timeUnixNano":"${timeUnixNano}","name":`);
  json.text(name);
  json.raw(',"attributes":');
  writeAttributes(json, attributes);
  json.raw("}");
}

function writeLink(json: JsonBytes, { traceId, spanId, attributes }: SpanLink): void {
  json.raw(`{"traceId":"${traceId}",`);
  if (spanId !== undefined) json.raw(`"spanId":"${spanId}",`);
  json.raw('"attributes":');
  writeAttributes(json, attributes);
  json.raw("}");
}

function writeAttributes(json: JsonBytes, attributes: Attributes | readonly [string, AttributeValue][]): void {
  let before = "[";
  for (const [key, value] of attributes) {
    json.raw(before);
    if (typeof value === "string") {
      // Most are texts: what stands before one is copied as a whole.
      json.bytes(headOf(key, textHeads, '{"stringValue":'));
      json.text(value);
      json.raw("}}");
    } else {
      json.bytes(headOf(key, heads, ""));
      writeValue(json, value);
      json.raw("}");
    }
    before = ",";
  }
  json.raw(before === "[" ? "[]" : "]");
}

/** Keys come again and again: their bytes are copied. */
function headOf(key: string, heads: Map<string, Uint8Array>, more: string): Uint8Array {
  const known = heads.get(key);
  if (known !== undefined) return known;
  const json = new JsonBytes(longestUnit * key.length + 64);
  json.raw('{"key":');
  json.text(key);
  json.raw(`,"value":${more}`);
  const head = json.take();
  if (heads.size < maxHeads) heads.set(key, head);
  return head;
}

const heads = new Map<string, Uint8Array>();
const textHeads = new Map<string, Uint8Array>();
/** Annotations may have any keys: they must not fill the memory. */
const maxHeads = 1000;

function writeValue(json: JsonBytes, value: AttributeValue): void {
  switch (typeof value) {
    case "string":
      json.raw('{"stringValue":');
      json.text(value);
      json.raw("}");
      break;
    case "boolean":
      json.raw(value ? '{"boolValue":true}' : '{"boolValue":false}');
      break;
    case "number":
      json.raw(numberValue(value));
      break;
    default:
      writeNested(json, value);
  }
}

/** Whole numbers are int64, which is a text in JSON. `1e999` is JSON, and infinite once it is read. */
function numberValue(value: number): string {
  if (Number.isSafeInteger(value)) return `{"intValue":"${value}"}`;
  return `{"doubleValue":${Number.isFinite(value) ? value : `"${value}"`}}`;
}

type Nested = Exclude<AttributeValue, string | number | boolean>;

function writeNested(json: JsonBytes, value: Nested): void {
  if (value === null) {
    json.raw("{}");
  } else if (isList(value)) {
    json.raw('{"arrayValue":{"values":');
    writeList(json, value, writeValue);
    json.raw("}}");
  } else {
    json.raw('{"kvlistValue":{"values":');
    writeAttributes(json, Object.entries(value));
    json.raw("}}");
  }
}

function isList(value: object): value is readonly AttributeValue[] {
  return Array.isArray(value);
}

function writeList<Item>(
  json: JsonBytes,
  items: Iterable<Item>,
  writeItem: (json: JsonBytes, item: Item) => void,
): void {
  let before = "[";
  for (const item of items) {
    json.raw(before);
    writeItem(json, item);
    before = ",";
  }
  json.raw(before === "[" ? "[]" : "]");
}
