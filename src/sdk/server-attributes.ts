import type { IncomingHttpHeaders } from "node:http";
import type { Attributes } from "@opentelemetry/api";

/** A request as a server got it, over HTTP/1 or HTTP/2. */
export interface ServedRequest {
  readonly method: string;
  readonly scheme: string;
  /** As it was asked for: path and query. */
  readonly target: string;
  readonly host: string | undefined;
  readonly peer: string | undefined;
  readonly headers: IncomingHttpHeaders;
}

/** What a span says of a request that is answered, in OpenTelemetry's words. */
export function serverAttributes({ method, scheme, target, host, peer, headers }: ServedRequest): Attributes {
  const query = target.indexOf("?");
  const attributes: Attributes = {
    "http.request.method": method,
    "url.scheme": scheme,
    "url.path": query < 0 ? target : target.slice(0, query),
  };
  if (query >= 0) attributes["url.query"] = target.slice(query + 1);
  if (host !== undefined) addHost(attributes, host);
  if (peer !== undefined) attributes["network.peer.address"] = peer;
  const client = forwardedFor(headers["x-forwarded-for"]) ?? peer;
  if (client !== undefined) attributes["client.address"] = client;
  const agent = headers["user-agent"];
  if (agent !== undefined) attributes["user_agent.original"] = agent;
  return attributes;
}

function addHost(attributes: Attributes, host: string): void {
  const port = /:(\d{1,5})$/.exec(host)?.[1];
  attributes["server.address"] = port === undefined ? host : host.slice(0, -port.length - 1);
  if (port !== undefined) attributes["server.port"] = Number(port);
}

function forwardedFor(header: string | readonly string[] | undefined): string | undefined {
  const text = typeof header === "string" ? header : header?.[0];
  return text?.split(",")[0]?.trim() || undefined;
}
