import { type Decoded, decoding, ElementCount, maxDepth, NotDecodable } from "./decoded.ts";
import { kindNames, kindOf, statusCodeNames, statusCodeOf } from "./enumerations.ts";
import type { OtlpRequest } from "./otlp-request.ts";
import type { Attributes, AttributeValue, Resource, ResourceSpans, Scope, Span } from "./span.ts";

type Wire = Readonly<Record<string, unknown>>;

/**
 * Reads an `ExportTraceServiceRequest` in OTLP's JSON: ids in hex, whole numbers of 64 bits as texts or numbers, enumerations
 * as numbers or names. Unknown members are ignored, and so are members in snake case, as OTLP wants it. Never throws.
 */
export function decodeJson(bytes: Uint8Array): Decoded {
  return decoding(() => {
    const text = utf8.decode(bytes);
    const request = object(parse(text), "the request");
    if (request === undefined) throw new NotDecodable("the request is not an object");
    return readRequest(request, new ElementCount());
  });
}

/** A mark of the byte order is no JSON, and is not overlooked. */
const utf8 = new TextDecoder("utf-8", { ignoreBOM: true });

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new NotDecodable(`it is not JSON (${error instanceof Error ? error.message : String(error)})`);
  }
}

function readRequest(request: Wire, elements: ElementCount): OtlpRequest {
  const groups: ResourceSpans[] = [];
  for (const resourceSpans of objects(request.resourceSpans, "resourceSpans")) {
    const resource: Resource = {
      attributes: readAttributes(object(resourceSpans.resource, "resource")?.attributes, 0),
    };
    for (const scopeSpans of objects(resourceSpans.scopeSpans, "scopeSpans")) {
      const spans = objects(scopeSpans.spans, "spans").map((span) => readSpan(span, elements));
      if (spans.length > 0) groups.push({ resource, scope: readScope(object(scopeSpans.scope, "scope")), spans });
    }
  }
  return groups;
}

function readScope(scope: Wire = {}): Scope {
  return { name: text(scope.name, "name"), version: text(scope.version, "version") || undefined };
}

function readSpan(span: Wire, elements: ElementCount): Span {
  elements.add();
  const status = object(span.status, "status");
  return {
    traceId: id(span.traceId, "traceId"),
    spanId: id(span.spanId, "spanId"),
    parentSpanId: id(span.parentSpanId, "parentSpanId") || undefined,
    flags: flags(span.flags),
    name: text(span.name, "name"),
    kind: kindOf(enumeration(span.kind, "kind", kindNames)),
    startTimeUnixNano: nanoseconds(span.startTimeUnixNano, "startTimeUnixNano"),
    endTimeUnixNano: nanoseconds(span.endTimeUnixNano, "endTimeUnixNano"),
    attributes: readAttributes(span.attributes, 0),
    events: objects(span.events, "events").map((event) => {
      elements.add();
      return {
        timeUnixNano: nanoseconds(event.timeUnixNano, "timeUnixNano"),
        name: text(event.name, "name"),
        attributes: readAttributes(event.attributes, 0),
      };
    }),
    links: objects(span.links, "links").map((link) => {
      elements.add();
      return {
        traceId: id(link.traceId, "traceId"),
        spanId: id(link.spanId, "spanId") || undefined,
        attributes: readAttributes(link.attributes, 0),
      };
    }),
    status: status && {
      code: statusCodeOf(enumeration(status.code, "code", statusCodeNames)),
      message: text(status.message, "message") || undefined,
    },
  };
}

function readAttributes(list: unknown, depth: number): Attributes {
  const attributes = new Map<string, AttributeValue>();
  for (const attribute of objects(list, "attributes")) {
    attributes.set(text(attribute.key, "key"), readValue(object(attribute.value, "value"), depth));
  }
  return attributes;
}

/** Exactly one member should be there; of several, the first in this order counts. */
function readValue(value: Wire = {}, depth: number): AttributeValue {
  if (depth > maxDepth) throw new NotDecodable(`values are nested deeper than ${maxDepth} levels`);
  const { stringValue, boolValue, intValue, doubleValue, arrayValue, kvlistValue, bytesValue } = value;
  if (isThere(stringValue)) return text(stringValue, "stringValue");
  if (isThere(boolValue)) return boolean(boolValue);
  if (isThere(intValue)) return integer(intValue, "intValue");
  if (isThere(doubleValue)) return double(doubleValue);
  if (isThere(arrayValue)) {
    return objects(object(arrayValue, "arrayValue")?.values, "values").map((item) => readValue(item, depth + 1));
  }
  if (isThere(kvlistValue)) {
    return Object.fromEntries(readAttributes(object(kvlistValue, "kvlistValue")?.values, depth + 1));
  }
  if (isThere(bytesValue)) return plainBase64(text(bytesValue, "bytesValue"));
  return null;
}

function isThere(value: unknown): boolean {
  return value !== undefined && value !== null;
}

function object(value: unknown, name: string): Wire | undefined {
  if (value === undefined || value === null) return undefined;
  if (typeof value !== "object" || Array.isArray(value)) throw unfit(name, "an object", value);
  return value as Wire;
}

function objects(value: unknown, name: string): readonly Wire[] {
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value)) throw unfit(name, "a list", value);
  return value.map((item: unknown) => object(item, name) ?? {});
}

function text(value: unknown, name: string): string {
  if (value === undefined || value === null) return "";
  if (typeof value !== "string") throw unfit(name, "a text", value);
  return value;
}

/** Whether it is one is for the translator to say, which refuses a span rather than all of them. */
function id(value: unknown, name: string): string {
  return text(value, name).toLowerCase();
}

function boolean(value: unknown): boolean {
  if (typeof value !== "boolean") throw unfit("boolValue", "true or false", value);
  return value;
}

function double(value: unknown): number {
  const number = typeof value === "string" && value.trim() !== "" ? Number(value) : value;
  if (typeof number !== "number") throw unfit("doubleValue", "a number", value);
  if (Number.isNaN(number) && value !== "NaN") throw unfit("doubleValue", "a number", value);
  return number;
}

/** An int64: a number, or its decimal text where no number of JavaScript holds it. */
function integer(value: unknown, name: string): number | string {
  const exact = wholeNumber(value);
  if (exact === undefined || BigInt.asIntN(64, exact) !== exact) throw unfit(name, "a whole number of 64 bits", value);
  const number = Number(exact);
  return Number.isSafeInteger(number) ? number : exact.toString();
}

function nanoseconds(value: unknown, name: string): string {
  // What nearly everybody sends.
  if (typeof value === "string" && /^[1-9]\d{0,18}$/.test(value)) return value;
  const exact = isThere(value) ? wholeNumber(value) : 0n;
  if (exact === undefined || BigInt.asUintN(64, exact) !== exact) throw unfit(name, "nanoseconds", value);
  return exact.toString();
}

function flags(value: unknown): number | undefined {
  const number = isThere(value) ? Number(wholeNumber(value) ?? -1) : 0;
  if (number < 0 || number > 0xffff_ffff) throw unfit("flags", "32 bits", value);
  return number || undefined;
}

/** Longer texts are no number of 64 bits, and slow to read as one. */
const longestNumber = 64;

function wholeNumber(value: unknown): bigint | undefined {
  if (typeof value === "number") return Number.isInteger(value) ? BigInt(value) : undefined;
  if (typeof value !== "string" || value.length > longestNumber) return undefined;
  return /^-?\d+$/.test(value) ? BigInt(value) : undefined;
}

function enumeration(value: unknown, name: string, names: ReadonlyMap<string, number>): number {
  if (value === undefined || value === null) return 0;
  // A name that a later OTLP may have is as good as none.
  if (typeof value === "string") return names.get(value) ?? 0;
  if (typeof value !== "number") throw unfit(name, "a number or a name", value);
  return value;
}

function unfit(name: string, wanted: string, value: unknown): NotDecodable {
  return new NotDecodable(`${name} is not ${wanted} but ${shown(value)}`);
}

function shown(value: unknown): string {
  if (typeof value === "object") return Array.isArray(value) ? "a list" : "an object";
  return JSON.stringify(typeof value === "string" ? value.slice(0, 60) : value);
}

/** Base64 with the usual signs and its padding, whichever way it was written; what is no sign of it is passed over. */
function plainBase64(written: string): string {
  const signs = written
    .replace(/=.*$/s, "")
    .replace(/-/g, "+")
    .replace(/_/g, "/")
    .replace(/[^A-Za-z0-9+/]/g, "");
  // One sign alone is no byte.
  return btoa(atob(signs.length % 4 === 1 ? signs.slice(0, -1) : signs));
}
