import { type Attributes, type HrTime, SpanKind } from "@opentelemetry/api";
import { isConventional } from "../otel/conventions.ts";
import { type Service, serviceOf } from "../otel/service-of-resource.ts";
import type { EndedSpan } from "./ended-span.ts";
import type { Tree } from "./local-trees.ts";
import { type Privacy, permitUrl } from "./privacy.ts";
import { resourceOf } from "./to-otel-request.ts";

/** More, or longer, is left to the translator, which splits. */
const maxSpans = 100;
const maxLength = 16_000;

/**
 * The document of a root and what ended below it, if all of it is of the kinds that nearly all spans are: a request
 * that was answered, calls over HTTP, work in between, nothing that failed. It is the document that the translator
 * makes, at a tenth of the price; undefined for anything else.
 */
export function quickDocument(ended: readonly EndedSpan[], tree: Tree, privacy: Privacy): string | undefined {
  if (ended.length > maxSpans || ended.at(-1) !== tree.root) return undefined;
  waiting.clear();
  for (const span of ended) {
    const id = span.spanContext().spanId;
    const below = waiting.get(id);
    if (below !== undefined) waiting.delete(id);
    const isRoot = span === tree.root;
    const own = isRoot ? segment(span, tree, privacy) : subsegment(span, privacy);
    if (own === undefined) return undefined;
    const text = `{${own}${below === undefined ? "" : `,"subsegments":[${below}]`}}`;
    if (isRoot) return waiting.size === 0 && text.length <= maxLength ? text : undefined;
    const parentId = span.parentSpanContext!.spanId;
    const before = waiting.get(parentId);
    waiting.set(parentId, before === undefined ? text : `${before},${text}`);
  }
  return undefined;
}

/** By their parent's id, the texts of subsegments that wait for it, while a document is made. */
const waiting = new Map<string, string>();

function segment(span: EndedSpan, { isParentMadeUp }: Tree, privacy: Privacy): string | undefined {
  const { parentSpanContext: parent, attributes, kind } = span;
  if (kind !== SpanKind.SERVER && kind !== SpanKind.INTERNAL) return undefined;
  if (!isPlain(span) || (parent !== undefined && parent.isRemote !== true)) return undefined;
  const service = serviceTextsOf(span.resource);
  const read = kind === SpanKind.SERVER ? readServer(attributes, privacy) : readWork(attributes);
  if (service === undefined || read === undefined) return undefined;
  const { traceId, spanId } = span.spanContext();
  const { annotations } = read;
  const facts = read.metadata + service.metadata;
  return (
    `"trace_id":"1-${traceId.slice(0, 8)}-${traceId.slice(8)}",` +
    (parent === undefined || isParentMadeUp ? "" : `"parent_id":"${parent.spanId}",`) +
    `"id":"${spanId}","name":${service.name},${times(span)}${read.http}${service.tail(read.rule)}` +
    (annotations === "" ? "" : `,"annotations":{${annotations.slice(1)}}`) +
    metadata(facts, span.name === service.plainName ? undefined : span.name)
  );
}

function subsegment(span: EndedSpan, privacy: Privacy): string | undefined {
  const { attributes, kind } = span;
  if (!isPlain(span) || (kind !== SpanKind.INTERNAL && kind !== SpanKind.CLIENT)) return undefined;
  const isCall = kind === SpanKind.CLIENT;
  const name = isCall ? attributes["server.address"] : span.name;
  const read = isCall ? readClient(attributes, privacy) : readWork(attributes);
  if (read === undefined || read.rule !== undefined || typeof name !== "string" || !isName(name)) return undefined;
  const { annotations } = read;
  return (
    `"id":"${span.spanContext().spanId}","name":"${name}",${times(span)}` +
    (isCall ? ',"namespace":"remote"' : "") +
    read.http +
    (annotations === "" ? "" : `,"annotations":{${annotations.slice(1)}}`) +
    metadata(read.metadata, span.name === name ? undefined : span.name)
  );
}

function isPlain({ events, links, status }: EndedSpan): boolean {
  return events.length === 0 && links.length === 0 && status.code !== 2;
}

/** A name that the translator would not touch, and JSON would not escape. */
function isName(name: string): boolean {
  return name.length <= 200 && /^[\w.:/@ %&#=+-]+$/.test(name);
}

function metadata(facts: string, spanName: string | undefined): string {
  if (facts === "" && (spanName === undefined || spanName === "")) return "";
  const named = spanName ? `"otel":{"name":${JSON.stringify(spanName)}}` : "";
  return `,"metadata":{${facts === "" ? "" : `"default":{${facts.slice(1)}}${named === "" ? "" : ","}`}${named}}`;
}

function times({ startTime, endTime }: EndedSpan): string {
  return `"start_time":${seconds(startTime)},"end_time":${seconds(endTime)}`;
}

function seconds([whole, nanoseconds]: HrTime): string {
  if (nanoseconds % 1_000 !== 0) return `${whole}.${String(nanoseconds).padStart(9, "0")}`;
  return `${whole}.${String(nanoseconds / 1_000).padStart(6, "0")}`;
}

/** What attributes say, as parts of a document's text; lists of members begin with a comma. */
interface Read {
  http: string;
  annotations: string;
  metadata: string;
  rule: string | undefined;
}

/** Work within the process: all that it says is its own. */
function readWork(attributes: Attributes): Read | undefined {
  const read: Read = { http: "", annotations: "", metadata: "", rule: undefined };
  for (const key in attributes) if (!addOwn(read, key, attributes[key])) return undefined;
  return read;
}

const clientKeys: ReadonlySet<string> = new Set([
  ...["http.request.method", "url.full", "server.address", "server.port"],
  ...["http.response.status_code", "http.response.body.size"],
]);

function readClient(attributes: Attributes, { captureQuery }: Privacy): Read | undefined {
  const read: Read = { http: "", annotations: "", metadata: "", rule: undefined };
  for (const key in attributes) {
    if (!clientKeys.has(key) && !addOwn(read, key, attributes[key])) return undefined;
  }
  const url = attributes["url.full"];
  const response = responseOf(attributes);
  if (typeof url !== "string" || url === "" || response === undefined) return undefined;
  const method = attributes["http.request.method"];
  if (typeof method !== "string" || method === "") return undefined;
  const port = attributes["server.port"];
  if (port !== undefined && typeof port !== "number") return undefined;
  const request = `{"method":${JSON.stringify(method)},"url":${JSON.stringify(permitUrl(url, captureQuery))}}`;
  read.http = `,"http":{"request":${request}${response}}`;
  return read;
}

const serverTexts = [
  ...["http.request.method", "url.scheme", "url.path", "server.address", "client.address", "network.peer.address"],
] as const;
const serverKeys: ReadonlySet<string> = new Set([
  ...serverTexts,
  ...["url.query", "server.port", "user_agent.original", "http.route"],
  ...["http.response.status_code", "http.response.body.size"],
]);

function readServer(attributes: Attributes, { captureQuery }: Privacy): Read | undefined {
  const read: Read = { http: "", annotations: "", metadata: "", rule: undefined };
  for (const key in attributes) {
    if (!serverKeys.has(key) && !addOwn(read, key, attributes[key])) return undefined;
  }
  for (const key of serverTexts) if (typeof attributes[key] !== "string" || attributes[key] === "") return undefined;
  const response = responseOf(attributes);
  const query = attributes["url.query"] ?? "";
  const port = attributes["server.port"];
  const path = attributes["url.path"] as string;
  if (response === undefined || typeof query !== "string" || !path.startsWith("/")) return undefined;
  if (port !== undefined && !(typeof port === "number" && Number.isInteger(port))) return undefined;
  if (query.startsWith("?")) return undefined;
  const scheme = attributes["url.scheme"] as string;
  const host = attributes["server.address"] as string;
  if (host.includes(":")) return undefined;
  const isDefault = port === undefined || port === (scheme === "https" ? 443 : scheme === "http" ? 80 : -1);
  const base = `${scheme}://${host}${isDefault ? "" : `:${port}`}${permitUrl(path, captureQuery)}`;
  const url = captureQuery && query !== "" ? `${base}?${query}` : base;
  const client = attributes["client.address"];
  const peer = attributes["network.peer.address"];
  const agent = attributes["user_agent.original"];
  const route = attributes["http.route"];
  if (typeof (agent ?? "") !== "string" || agent === "" || typeof (route ?? "") !== "string") return undefined;
  read.http =
    `,"http":{"request":{"method":${JSON.stringify(attributes["http.request.method"])},"url":${JSON.stringify(url)}` +
    (agent === undefined ? "" : `,"user_agent":${JSON.stringify(agent)}`) +
    `,"client_ip":${JSON.stringify(client)}${client === peer ? "" : ',"x_forwarded_for":true'}}${response}}`;
  if (client !== peer) read.metadata += `,"network.peer.address":${JSON.stringify(peer)}`;
  if (route !== undefined) read.metadata += `,"http.route":${JSON.stringify(route)}`;
  return read;
}

/** Statuses that say that something went wrong are left to the translator. */
function responseOf(attributes: Attributes): string | undefined {
  const status = attributes["http.response.status_code"];
  const size = attributes["http.response.body.size"];
  if (typeof status !== "number" || !(status >= 100 && status < 400) || !Number.isInteger(status)) return undefined;
  if (size === undefined) return `,"response":{"status":${status}}`;
  if (typeof size !== "number" || !Number.isSafeInteger(size) || size < 0) return undefined;
  return `,"response":{"status":${status},"content_length":${size}}`;
}

/** The application's own plain values are annotations, but for those that have a place in X-Ray. */
function addOwn(read: Read, key: string, value: unknown): boolean {
  if (key === "aws.xray.sampling_rule_name" && typeof value === "string" && value !== "") {
    read.rule = value;
    return true;
  }
  if (!isOwnKey(key)) return false;
  if (typeof value === "string") {
    if (value.length > 1_000) return false;
    read.annotations += `,"${key}":${JSON.stringify(value)}`;
    return true;
  }
  if (typeof value !== "boolean" && !(typeof value === "number" && Number.isFinite(value))) return false;
  read.annotations += `,"${key}":${value}`;
  return true;
}

const ownKeys = new Map<string, boolean>();

function isOwnKey(key: string): boolean {
  const known = ownKeys.get(key);
  if (known !== undefined) return known;
  const isOwn = /^[A-Za-z][\w.]*$/.test(key) && !isConventional(key) && key !== "user.id";
  // Applications that make keys of ids must not fill the memory with them.
  if (ownKeys.size < 1_000) ownKeys.set(key, isOwn);
  return isOwn;
}

/** What a resource says in each of its segments. */
interface ServiceTexts {
  /** As JSON. */
  readonly name: string;
  readonly plainName: string;
  /** Members of the default namespace, each after a comma. */
  readonly metadata: string;
  /** All others, each after a comma, with the sampling rule among them. */
  tail(rule: string | undefined): string;
}

const services = new WeakMap<object, ServiceTexts | undefined>();

function serviceTextsOf(resource: EndedSpan["resource"]): ServiceTexts | undefined {
  if (services.has(resource)) return services.get(resource);
  const texts = serviceTexts(serviceOf(resourceOf(resource), false));
  services.set(resource, texts);
  return texts;
}

function serviceTexts(service: Service): ServiceTexts | undefined {
  const { name, left, aws } = service;
  if (name === undefined || !isName(name)) return undefined;
  const metadata = left.map(([key, value]) => `,${JSON.stringify(key)}:${JSON.stringify(value)}`).join("");
  const tails = new Map<string | undefined, string>();
  const tail = (rule: string | undefined): string => {
    const known = tails.get(rule);
    if (known !== undefined) return known;
    const xray = rule === undefined ? aws?.xray : { ...(aws?.xray as object | undefined), sampling_rule_name: rule };
    const members = {
      origin: service.origin,
      resource_arn: service.resourceArn,
      aws: aws === undefined && xray === undefined ? undefined : { ...aws, xray },
      service: service.service,
    };
    const text = JSON.stringify(members).slice(1, -1);
    const made = text === "" ? "" : `,${text}`;
    if (tails.size < 100) tails.set(rule, made);
    return made;
  };
  return { name: JSON.stringify(name), plainName: name, metadata, tail };
}
