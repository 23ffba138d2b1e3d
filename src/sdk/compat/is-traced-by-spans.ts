import { channel } from "node:diagnostics_channel";

/** Channels to which the SDK's own tracing listens. */
const channels = { http: channel("http.client.response.finish"), fetch: channel("undici:request:create") };
const tracing = Symbol.for("fluoroscope-sdk tracing");

/** True where `init` or `register` traces such calls already: one call should not be there twice. */
export function isTracedBySpans(kind: "http" | "fetch"): boolean {
  return tracing in globalThis && channels[kind].hasSubscribers;
}
