import type { CallResult } from "../call/call.ts";
import { type Headers, headerValue } from "../call/exchange.ts";
import { FluoroscopeError } from "../errors.ts";
import { nearest } from "./nearest.ts";

type Variable = (result: CallResult, exitCode: number, trace: TraceWords | undefined) => string | number;

/** What only a fluoroscope knows of a call. */
export interface TraceWords {
  readonly url: string;
  /** `stripe.com 51 %, web 27 %`. */
  readonly criticalPath: string;
  readonly services: number;
  readonly segments: number;
  readonly isWhole: boolean;
}

/**
 * curl's `-w` format: `%{variable}`, `%header{name}`, `%%`, and `\n`, `\r`, `\t`. Variables of the trace are empty where
 * nobody knows it.
 */
export function writeOut(format: string, result: CallResult, exitCode: number, trace?: TraceWords): string {
  return format
    .replace(/\\([nrt\\])/g, (_, letter: string) => ({ n: "\n", r: "\r", t: "\t" })[letter] ?? "\\")
    .replace(/%%|%header\{([^}]*)\}|%\{([^}]*)\}/g, (whole, header?: string, name?: string) => {
      if (whole === "%%") return "%";
      if (header !== undefined) return headerValue(headersOf(result), header) ?? "";
      return String(variables[name!]!(result, exitCode, trace));
    });
}

/** Throws for a variable that there is not; to be called before the request is sent. */
export function checkWriteOut(format: string): void {
  for (const [, name] of format.matchAll(/(?<!%)%\{([^}]*)\}/g)) {
    if (Object.hasOwn(variables, name!)) continue;
    const near = nearest(name!, Object.keys(variables));
    const hint = near === undefined ? `Known are ${Object.keys(variables).join(", ")}.` : `Did you mean %{${near}}?`;
    throw new FluoroscopeError("FLUORO_BAD_CONFIG", `-w knows no variable %{${name}}. ${hint}`);
  }
}

/** Whether a format has variables that only the whole trace can tell. */
export function needsTrace(format: string): boolean {
  return [...format.matchAll(/(?<!%)%\{([^}]*)\}/g)].some(([, name]) => ofTrace.has(name!));
}

const ofTrace: ReadonlySet<string> = new Set([
  "critical_path",
  "trace_url",
  "trace_services",
  "trace_segments",
  "trace_whole",
]);

const headersOf = (result: CallResult): Headers => result.head?.headers ?? [];
const last = ({ hops }: CallResult) => hops.at(-1)!;
const seconds = (ms: number): string => (ms / 1_000).toFixed(6);

/** Time from the start of everything to a moment of the last request; 0 where it was not reached, as in curl. */
function since(result: CallResult, moment: "resolved" | "connected" | "secured" | "firstByte"): string {
  const at = last(result).marks[moment];
  return seconds(at === undefined ? 0 : at - result.startMs);
}

/** When the request could be sent: the last step of connecting that there was. */
function ready(result: CallResult): string {
  const { secured, connected, start } = last(result).marks;
  return seconds((secured ?? connected ?? start) - result.startMs);
}

const variables: Readonly<Record<string, Variable>> = {
  content_type: (result) => headerValue(headersOf(result), "content-type") ?? "",
  critical_path: (_result, _exitCode, trace) => trace?.criticalPath ?? "",
  errormsg: ({ failure }) => failure?.message ?? "",
  exitcode: (_, exitCode) => exitCode,
  http_code: (result) => String(result.head?.status ?? 0).padStart(3, "0"),
  header_json: (result) => JSON.stringify(collected(headersOf(result))),
  http_version: ({ head }) => head?.httpVersion ?? "0",
  local_ip: (result) => last(result).local?.address ?? "",
  local_port: (result) => last(result).local?.port ?? 0,
  method: (result) => last(result).request.method,
  num_connects: ({ hops }) => hops.filter(({ marks }) => marks.connected !== undefined).length,
  num_headers: (result) => headersOf(result).length,
  num_redirects: ({ hops }) => hops.length - 1,
  redirect_url: (result) => {
    const location = headerValue(headersOf(result), "location");
    const base = last(result).request.url.href;
    return location !== undefined && URL.canParse(location, base) ? new URL(location, base).href : "";
  },
  remote_ip: (result) => last(result).remote?.address ?? "",
  remote_port: (result) => last(result).remote?.port ?? 0,
  response_code: (result) => String(result.head?.status ?? 0).padStart(3, "0"),
  scheme: (result) => last(result).request.url.protocol.slice(0, -1),
  segment_id: ({ trace }) => trace.segmentId,
  size_download: (result) => last(result).receivedBytes,
  size_header: ({ head }) =>
    head === undefined
      ? 0
      : `HTTP/${head.httpVersion} ${head.status} ${head.statusText}\r\n\r\n`.length +
        head.headers.reduce((sum, [name, value]) => sum + name.length + value.length + 4, 0),
  size_upload: (result) => last(result).request.body?.length ?? 0,
  speed_download: (result) => speed(last(result).receivedBytes, result),
  speed_upload: (result) => speed(last(result).request.body?.length ?? 0, result),
  time_appconnect: (result) => since(result, "secured"),
  time_connect: (result) => since(result, "connected"),
  time_namelookup: (result) => since(result, "resolved"),
  time_pretransfer: ready,
  time_redirect: (result) => seconds(last(result).marks.start - result.startMs),
  time_starttransfer: (result) => since(result, "firstByte"),
  time_total: ({ startMs, endMs }) => seconds(endMs - startMs),
  trace_id: ({ trace }) => trace.id,
  trace_segments: (_result, _exitCode, trace) => trace?.segments ?? "",
  trace_services: (_result, _exitCode, trace) => trace?.services ?? "",
  trace_url: (_result, _exitCode, trace) => trace?.url ?? "",
  trace_whole: (_result, _exitCode, trace) => (trace === undefined ? "" : trace.isWhole ? "yes" : "no"),
  url: ({ hops }) => hops[0]!.request.url.href,
  url_effective: (result) => last(result).request.url.href,
};

const speed = (bytes: number, { startMs, endMs }: CallResult): number =>
  Math.round(bytes / Math.max(0.001, (endMs - startMs) / 1_000));

/** By their names in lower case, each with all its values, as curl has them. */
function collected(headers: Headers): Record<string, string[]> {
  const found = new Map<string, string[]>();
  for (const [name, value] of headers) {
    const key = name.toLowerCase();
    found.set(key, [...(found.get(key) ?? []), value]);
  }
  return Object.fromEntries(found);
}
