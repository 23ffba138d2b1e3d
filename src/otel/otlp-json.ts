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
  slab.clear();
  slab.raw('{"resourceSpans":');
  writeList(slab, mergeGroups(groups), writeGroup);
  slab.raw("}");
  return slab.take();
}

const slab = new JsonBytes();

interface MergedGroup {
  readonly resource: Resource;
  readonly scope: Scope;
  readonly spans: Span[];
}

function mergeGroups(groups: readonly ResourceSpans[]): Iterable<MergedGroup> {
  const merged = new Map<string, MergedGroup>();
  // Nearly always equal resources are one object, and there is one scope: no key is needed then.
  const met = new Map<Resource, MergedGroup>();
  for (const { resource, scope, spans } of groups) {
    let group = met.get(resource);
    if (group?.scope !== scope) {
      group = groupOf(merged, resource, scope);
      met.set(resource, group);
    }
    for (const span of spans) group.spans.push(span);
  }
  return merged.values();
}

function groupOf(merged: Map<string, MergedGroup>, resource: Resource, scope: Scope): MergedGroup {
  const key = keyOf(resource, scope);
  let group = merged.get(key);
  if (group === undefined) {
    group = { resource, scope, spans: [] };
    merged.set(key, group);
  }
  return group;
}

/** With the length before each part, no two resources have the same. */
function keyOf({ attributes }: Resource, { name, version = "" }: Scope): string {
  let key = `${name.length} ${name}${version.length} ${version}`;
  for (const [attribute, value] of attributes) {
    const text = typeof value === "string" ? value : JSON.stringify(value);
    key += `${typeof value} ${attribute.length} ${attribute}${text.length} ${text}`;
  }
  return key;
}

function writeGroup(json: JsonBytes, { resource, scope, spans }: MergedGroup): void {
  json.raw('{"resource":{"attributes":');
  writeAttributes(json, resource.attributes);
  json.raw('},"scopeSpans":[{"scope":{"name":');
  json.text(scope.name);
  if (scope.version !== undefined) {
    json.raw(',"version":');
    json.text(scope.version);
  }
  json.raw('},"spans":');
  writeList(json, spans, writeSpan);
  json.raw("}]}");
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
