import { FluoroscopeError } from "../errors.ts";

/** Reads a proxy's address: `http(s)://[user:password@]host:port`, or `host:port` alone. Secrets stay out of the error. */
export function readProxy(text: string): URL {
  const address = text.includes("://") ? text : `http://${text}`;
  const url = URL.canParse(address) ? new URL(address) : undefined;
  if (url !== undefined && /^https?:$/.test(url.protocol) && url.hostname !== "") return url;
  const shown = JSON.stringify(text.replace(/[^/]*@/, ""));
  const remedy = "Write it as http://host:3128 (in -p, ProxyAddress or HTTPS_PROXY).";
  throw new FluoroscopeError("FLUORO_BAD_CONFIG", `The proxy address ${shown} cannot be used. ${remedy}`);
}

/** The header that says who asks, for a URL with a user in it. */
export function basicAuthorization({ username, password }: URL): string | undefined {
  if (username === "" && password === "") return undefined;
  const user = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  return `Basic ${Buffer.from(user).toString("base64")}`;
}

/** A proxy did not let a request through: that says nothing about the host behind it. */
export class ProxyError extends Error {
  /** What the proxy answered, if it did. */
  readonly status: number | undefined;

  constructor(
    proxy: URL,
    what: string,
    about: { readonly status?: number | undefined; readonly cause?: unknown } = {},
  ) {
    super(`The proxy ${proxy.origin} ${what}`, { cause: about.cause });
    this.name = "ProxyError";
    this.status = about.status;
  }
}
