import { type Database, databaseName } from "./database-of-span.ts";
import { readUrl } from "./network-address.ts";
import { type Span, spanKind } from "./span.ts";
import { isCall, type SpanReading } from "./span-reading.ts";

/** What a segment is called: the service that sent it. */
export function segmentName({ span, attributes, isOurs }: SpanReading, service: string | undefined): string {
  if (isOurs && span.name !== "") return span.name;
  return sanitised(attributes.text("aws.local.service") ?? service ?? hostOf({ span, attributes, isOurs }), span);
}

/** What a subsegment is called: for a call whom it goes to, otherwise what the program did. */
export function subsegmentName(
  reading: SpanReading,
  awsService: string | undefined,
  database: Database | undefined,
): string {
  const { span, isOurs } = reading;
  if (isOurs && span.name !== "") return span.name;
  if (awsService !== undefined) return sanitised(awsService, span);
  return sanitised(isCall(span.kind) ? calleeOf(reading, database) : undefined, span);
}

function calleeOf(reading: SpanReading, database: Database | undefined): string | undefined {
  const { attributes } = reading;
  const given = attributes.text("aws.remote.service") ?? attributes.text(["service.peer.name", "peer.service"]);
  if (given !== undefined) return given;
  if (database !== undefined) return databaseName(database);
  return queueName(reading) ?? rpcService(reading) ?? hostOf(reading);
}

/** `orders@kafka.example.com`: a queue must not be taken for a service of the same name. */
function queueName(reading: SpanReading): string | undefined {
  const queue = reading.attributes.look(["messaging.destination.name", "messaging.destination"]);
  if (queue === undefined) return undefined;
  return `${queue}@${hostOf(reading) ?? reading.attributes.look("messaging.system") ?? "queue"}`;
}

/** Newer conventions have the service in the method: `shop.Inventory/GetStock`. */
function rpcService({ attributes }: SpanReading): string | undefined {
  const service = attributes.look("rpc.service");
  if (service !== undefined) return service;
  const method = attributes.look("rpc.method");
  const slash = method?.lastIndexOf("/") ?? -1;
  return slash > 0 ? method!.slice(0, slash) : undefined;
}

/** Without the port: older conventions have it in the host, newer ones beside it. */
function hostOf({ attributes }: SpanReading): string | undefined {
  const written = attributes.look("http.host");
  if (written !== undefined) return written.replace(/:\d+$/, "");
  return (
    attributes.look(["server.address", "net.peer.name"]) ??
    readUrl(attributes.look(["url.full", "http.url"]) ?? "")?.host ??
    attributes.look(["network.peer.address", "net.sock.peer.addr", "net.peer.ip"])
  );
}

const longestName = 200;

/** A name with the characters that X-Ray takes. Without one it is the span's. */
function sanitised(name: string | undefined, span: Span): string {
  return clean(name ?? "") || clean(span.name) || (span.kind === spanKind.server ? "service" : "span");
}

function clean(name: string): string {
  const cleaned = good.test(name) ? name : name.replace(bad, "");
  if (cleaned.length <= longestName) return cleaned;
  const last = cleaned.charCodeAt(longestName - 1);
  return cleaned.slice(0, last >= 0xd800 && last < 0xdc00 ? longestName - 1 : longestName);
}

const good = /^[\w.:/@ %&#=+-]*$/;
const bad = /[^\p{L}\p{N}_.:/%&#=+\\@ -]/gu;
