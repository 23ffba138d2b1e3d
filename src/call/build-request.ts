import { FluoroscopeError } from "../errors.ts";
import { acceptedEncodings } from "./decode-body.ts";
import type { HttpRequest } from "./exchange.ts";

export interface RequestInput {
  /** GET, or POST where there is a body. */
  readonly method?: string;
  /** Sent beside what HTTP needs. A name without value (`undefined`) takes one of ours back. */
  readonly headers?: readonly (readonly [name: string, value: string | undefined])[];
  readonly body?: Uint8Array | string;
}

const userAgent = "fluoroscope";

/** The first request of a call. Throws `FLUORO_BAD_URL` for what is no http(s) URL, or a header that cannot be sent. */
export function buildRequest(url: string | URL, input: RequestInput): HttpRequest {
  const target = readUrl(url);
  const body = typeof input.body === "string" ? new TextEncoder().encode(input.body) : input.body;
  const method = input.method ?? (body === undefined ? "GET" : "POST");
  const given = input.headers ?? [];
  for (const [name, value] of given) checkHeader(name, value);

  const ours: [string, string][] = [
    ["Host", target.host],
    ["User-Agent", userAgent],
    ["Accept", "*/*"],
    ["Accept-Encoding", acceptedEncodings],
  ];
  if (target.username !== "") ours.push(["Authorization", basic(target)]);
  if (body !== undefined) ours.push(["Content-Type", "application/x-www-form-urlencoded"]);
  const isGiven = (name: string): boolean => given.some(([each]) => each.toLowerCase() === name.toLowerCase());
  const headers: [string, string][] = ours.filter(([name]) => !isGiven(name));
  for (const [name, value] of given) if (value !== undefined) headers.push([name, value]);
  const needsLength = body !== undefined || ["POST", "PUT", "PATCH"].includes(method);
  if (needsLength && !isGiven("Content-Length")) headers.push(["Content-Length", String(body?.length ?? 0)]);
  return { url: withoutUser(target), method, headers, ...(body && { body }) };
}

/** `host:port/path` means http, as in curl. */
function readUrl(url: string | URL): URL {
  const text = String(url).trim();
  const whole = /^[a-z][a-z0-9+.-]*:\/\//i.test(text) ? text : `http://${text}`;
  const parsed = URL.canParse(whole) ? new URL(whole) : undefined;
  if (parsed === undefined || parsed.hostname === "") {
    throw badUrl(`"${text}" is no URL. Write it as http://host:port/path.`);
  }
  if (parsed.protocol !== "http:" && parsed.protocol !== "https:") {
    throw badUrl(
      `"${text}" is a ${parsed.protocol.slice(0, -1)} URL, which cannot be called. Write http:// or https://.`,
    );
  }
  return parsed;
}

function checkHeader(name: string, value: string | undefined): void {
  if (!/^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/.test(name)) throw badHeader(name, "has a name that HTTP does not allow");
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are the characters that end or break a header.
  if (value !== undefined && /[\u0000\r\n]/.test(value)) throw badHeader(name, "has a line break in its value");
}

function badHeader(name: string, what: string): FluoroscopeError {
  return new FluoroscopeError("FLUORO_BAD_URL", `The header "${name}" ${what}. Write it as "Name: value".`);
}

function badUrl(message: string): FluoroscopeError {
  return new FluoroscopeError("FLUORO_BAD_URL", message);
}

function basic(url: URL): string {
  const user = `${decodeURIComponent(url.username)}:${decodeURIComponent(url.password)}`;
  return `Basic ${Buffer.from(user).toString("base64")}`;
}

function withoutUser(url: URL): URL {
  const bare = new URL(url);
  bare.username = "";
  bare.password = "";
  bare.hash = "";
  return bare;
}
