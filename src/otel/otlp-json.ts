import type { Attributes, AttributeValue, ResourceSpans, Scope, Span, SpanEvent, SpanLink } from "./span.ts";

/**
 * An `ExportTraceServiceRequest` in OTLP's JSON: the body of `POST /v1/traces`. Groups that have the same resource and
 * scope become one. Written as text straight away: the objects in between would cost more than the translation.
 */
export function writeOtlpJson(groups: readonly ResourceSpans[]): string {
  const spansByHead = new Map<string, string>();
  for (const { resource, scope, spans } of groups) {
    const head = `{"resource":{"attributes":${list(resource.attributes)}},"scopeSpans":[{"scope":${writeScope(scope)}`;
    let text = spansByHead.get(head) ?? "";
    for (const span of spans) text += (text === "" ? "" : ",") + writeSpan(span);
    spansByHead.set(head, text);
  }
  let body = "";
  for (const [head, spans] of spansByHead) body += `${body === "" ? "" : ","}${head},"spans":[${spans}]}]}`;
  return `{"resourceSpans":[${body}]}`;
}

function writeScope({ name, version }: Scope): string {
  return `{"name":${quote(name)}${version === undefined ? "" : `,"version":${quote(version)}`}}`;
}

function writeSpan(span: Span): string {
  const { parentSpanId, flags, events, links, status } = span;
  let text = `{"traceId":"${span.traceId}","spanId":"${span.spanId}"`;
  if (parentSpanId !== undefined) text += `,"parentSpanId":"${parentSpanId}"`;
  if (flags !== undefined) text += `,"flags":${flags}`;
  text += `,"name":${quote(span.name)},"kind":${span.kind}`;
  text += `,"startTimeUnixNano":"${span.startTimeUnixNano}","endTimeUnixNano":"${span.endTimeUnixNano}"`;
  if (span.attributes.size > 0) text += `,"attributes":${list(span.attributes)}`;
  if (events.length > 0) text += `,"events":[${events.map(writeEvent).join()}]`;
  if (links.length > 0) text += `,"links":[${links.map(writeLink).join()}]`;
  if (status !== undefined) {
    const message = status.message === undefined ? "" : `,"message":${quote(status.message)}`;
    text += `,"status":{"code":${status.code}${message}}`;
  }
  return `${text}}`;
}

function writeEvent({ timeUnixNano, name, attributes }: SpanEvent): string {
  return `{"timeUnixNano":"${timeUnixNano}","name":${quote(name)},"attributes":${list(attributes)}}`;
}

function writeLink({ traceId, spanId, attributes }: SpanLink): string {
  const id = spanId === undefined ? "" : `,"spanId":"${spanId}"`;
  return `{"traceId":"${traceId}"${id},"attributes":${list(attributes)}}`;
}

function list(attributes: Attributes): string {
  let text = "";
  for (const [key, value] of attributes) text += `${text === "" ? "" : ","}${headOf(key)}${writeValue(value)}}`;
  return `[${text}]`;
}

/** Keys come again and again: quoting each every time would be a quarter of the work. */
function headOf(key: string): string {
  const known = heads.get(key);
  if (known !== undefined) return known;
  const head = `{"key":${quote(key)},"value":`;
  if (heads.size < maxHeads) heads.set(key, head);
  return head;
}

const heads = new Map<string, string>();
/** Annotations may have any keys: they must not fill the memory. */
const maxHeads = 1000;

function writeValue(value: AttributeValue): string {
  switch (typeof value) {
    case "string":
      return `{"stringValue":${quote(value)}}`;
    case "boolean":
      return `{"boolValue":${value}}`;
    case "number":
      if (Number.isSafeInteger(value)) return `{"intValue":"${value}"}`;
      return `{"doubleValue":${Number.isFinite(value) ? value : `"${value}"`}}`;
    default:
      return writeNested(value);
  }
}

function writeNested(value: null | readonly AttributeValue[] | { readonly [key: string]: AttributeValue }): string {
  if (value === null) return "{}";
  if (isList(value)) return `{"arrayValue":{"values":[${value.map(writeValue).join()}]}}`;
  return `{"kvlistValue":{"values":${list(new Map(Object.entries(value)))}}}`;
}

function isList(value: object): value is readonly AttributeValue[] {
  return Array.isArray(value);
}

/** A text in quotes. Half a surrogate pair, left where a sender cut a text, is no text to a strict reader. */
function quote(text: string): string {
  if (needsNoEscape.test(text)) return `"${text}"`;
  const quoted = JSON.stringify(text);
  return quoted.includes("\\ud") ? JSON.stringify(text.replace(loneSurrogate, "\ufffd")) : quoted;
}

const needsNoEscape = /^[ !#-[\]-~]*$/;
const loneSurrogate = /\p{Surrogate}/gu;
