import type { WireObject } from "../trace/members.ts";
import type { AttributeReader } from "./attribute-reader.ts";
import { spanKind } from "./span.ts";
import type { SpanReading } from "./span-reading.ts";
import { saying } from "./wire-members.ts";

const method = ["http.request.method_original", "http.request.method", "http.method"];
const fullUrl = ["url.full", "http.url"];
const status = ["http.response.status_code", "http.status_code"];
const userAgent = ["user_agent.original", "http.user_agent"];
const contentLength = ["http.response.body.size", "http.response_content_length"];

/** Without one of these a span is about no request: databases have addresses too. */
const signs = [
  ...method,
  ...fullUrl,
  ...status,
  ...userAgent,
  ...contentLength,
  "http.target",
  "url.path",
  "http.host",
];
const ownSigns = [...signs, "client.address", "aws.xray.x_forwarded_for"];

/** The `http` block of a span by the stable conventions and the older ones. */
export function httpOf(reading: SpanReading, isAwsCall: boolean): WireObject | undefined {
  const { span, attributes, isOurs } = reading;
  if (!attributes.has(isOurs ? ownSigns : signs)) return undefined;
  const isServer = span.kind === spanKind.server;
  const url = attributes.text(fullUrl) ?? (isOurs ? undefined : urlOfParts(attributes, isServer));
  if (url !== undefined) attributes.skip(isServer ? serverParts : clientParts);
  const request = {
    method: attributes.text(method),
    // AWS's endpoints say nothing that the service and the operation do not.
    url: isAwsCall && !isOurs ? undefined : url,
    user_agent: attributes.text(userAgent),
    ...clientOf(reading, isServer),
  };
  const response = { status: attributes.integer(status), content_length: lengthOf(reading) };
  return saying({ request: saying(request), response: saying(response) });
}

function lengthOf({ span, attributes }: SpanReading): number | undefined {
  const length = attributes.integer(contentLength);
  const isOldest = span.kind !== spanKind.server && attributes.look("message.type") === "RECEIVED";
  if (length !== undefined || !isOldest) return length;
  attributes.skip("message.type");
  return attributes.integer("messaging.message_payload_size_bytes");
}

const commonParts = ["url.scheme", "url.path", "url.query", "http.scheme", "http.target", "http.host"];
const serverParts = [
  ...[...commonParts, "server.address", "server.port"],
  ...["http.server_name", "net.host.name", "net.host.port"],
];
const clientParts = [...commonParts, "server.address", "server.port", "net.peer.name", "net.peer.port"];

function urlOfParts(attributes: AttributeReader, isServer: boolean): string | undefined {
  const authority = attributes.look("http.host");
  const host =
    authority ??
    (isServer
      ? attributes.look(["http.server_name", "net.host.name", "server.address"])
      : attributes.look(["net.peer.name", "server.address", "net.peer.ip", "net.sock.peer.addr"]));
  if (host === undefined) return undefined;
  const scheme = attributes.look(["url.scheme", "http.scheme"]) ?? "http";
  const port = attributes.lookInteger(["server.port", isServer ? "net.host.port" : "net.peer.port"]);
  const query = attributes.look("url.query");
  const path = attributes.look("http.target") ?? (attributes.look("url.path") ?? "/") + queryOf(query);
  return `${scheme}://${authority ?? withPort(host, port, scheme)}${path.startsWith("/") ? "" : "/"}${path}`;
}

function queryOf(query: string | undefined): string {
  if (query === undefined) return "";
  return query.startsWith("?") ? query : `?${query}`;
}

function withPort(host: string, port: number | undefined, scheme: string): string {
  const bracketed = host.includes(":") && !host.startsWith("[") ? `[${host}]` : host;
  const isDefault = port === undefined || (scheme === "http" && port === 80) || (scheme === "https" && port === 443);
  return isDefault ? bracketed : `${bracketed}:${port}`;
}

const peer = ["network.peer.address", "net.sock.peer.addr", "net.peer.ip"];

/**
 * Who asked. A peer is the client of a server only: a client's peer is its server. It was a proxy's request when the
 * client is not the peer.
 */
function clientOf({ attributes, isOurs }: SpanReading, isServer: boolean): WireObject {
  const isForwarded = attributes.isTrue("aws.xray.x_forwarded_for") || undefined;
  if (isOurs) {
    const header = attributes.texts("http.request.header.x-forwarded-for");
    const address = attributes.text("client.address");
    return { client_ip: header?.[0] ?? address, x_forwarded_for: isForwarded };
  }
  const isOld = attributes.look("client.address") === undefined;
  const client = plainAddress(attributes.text(["client.address", "http.client_ip"]));
  if (!isServer) return { client_ip: client, x_forwarded_for: isForwarded };
  const from = plainAddress(attributes.look(peer));
  if (client === undefined || client === from) attributes.skip(peer);
  const isOther = client !== undefined && client !== from && (from !== undefined || isOld);
  return { client_ip: client ?? from, x_forwarded_for: isForwarded ?? (isOther || undefined) };
}

/** Node's servers listen for IPv6 too, and see IPv4 inside of it. */
function plainAddress(address: string | undefined): string | undefined {
  return address?.startsWith("::ffff:") && address.includes(".") ? address.slice("::ffff:".length) : address;
}
