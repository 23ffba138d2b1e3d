import type { Http } from "../trace/segment.ts";
import { readUrl } from "./network-address.ts";
import { type AttributeValue, type SpanKind, spanKind } from "./span.ts";

/**
 * The `http` block in the stable HTTP conventions. `url.full` has the URL as it came, whatever else is read off it; it
 * is what the way back goes by.
 */
export function addHttp(attributes: Map<string, AttributeValue>, http: Http, kind: SpanKind): void {
  const { method, url, userAgent, clientIp, xForwardedFor, status, contentLength } = http;
  if (method !== undefined) addMethod(attributes, method);
  if (url !== undefined) {
    attributes.set("url.full", url);
    addUrlParts(attributes, url, kind === spanKind.server);
  }
  if (status !== undefined) attributes.set("http.response.status_code", status);
  if (contentLength !== undefined) attributes.set("http.response.body.size", contentLength);
  if (userAgent !== undefined) attributes.set("user_agent.original", userAgent);
  if (clientIp !== undefined) addClient(attributes, clientIp);
  if (xForwardedFor === true) attributes.set("aws.xray.x_forwarded_for", true);
}

const knownMethods: ReadonlySet<string> = new Set(
  "GET HEAD POST PUT DELETE CONNECT OPTIONS TRACE PATCH QUERY".split(" "),
);

function addMethod(attributes: Map<string, AttributeValue>, method: string): void {
  if (knownMethods.has(method)) {
    attributes.set("http.request.method", method);
  } else {
    attributes.set("http.request.method", "_OTHER");
    attributes.set("http.request.method_original", method);
  }
}

const defaultPorts: ReadonlyMap<string, number> = new Map([
  ["http", 80],
  ["https", 443],
]);

function addUrlParts(attributes: Map<string, AttributeValue>, url: string, isServer: boolean): void {
  const parts = readUrl(url);
  if (parts?.scheme === undefined) return;
  if (isServer) {
    attributes.set("url.scheme", parts.scheme);
    attributes.set("url.path", parts.path === "" ? "/" : parts.path);
    if (parts.query !== undefined && parts.query !== "") attributes.set("url.query", parts.query);
  }
  attributes.set("server.address", parts.host);
  const port = parts.port ?? defaultPorts.get(parts.scheme);
  if (port !== undefined) attributes.set("server.port", port);
}

/** Python sends the whole `X-Forwarded-For`: the client is its first entry. */
function addClient(attributes: Map<string, AttributeValue>, clientIp: string): void {
  const comma = clientIp.indexOf(",");
  if (comma < 0) {
    attributes.set("client.address", clientIp);
  } else {
    attributes.set("client.address", clientIp.slice(0, comma).trim());
    attributes.set("http.request.header.x-forwarded-for", [clientIp]);
  }
}
