import { FluoroscopeError } from "../../errors.ts";

/** Where a ClickHouse is, and as whom it is asked. */
export interface ClickHouseAddress {
  /** Without the password: may be shown. */
  readonly url: string;
  readonly username: string;
  readonly password: string;
  readonly database: string;
  /** Whose nodes share the tables; absent: a single server. */
  readonly cluster?: string;
  /** Whether what goes there and back is compressed: where the network is slow, or paid for. */
  readonly isCompressed: boolean;
}

/** Whether a `--store` names a ClickHouse. */
export const isClickHouseAddress = (text: string): boolean => text.startsWith("clickhouse:");

/**
 * Reads `clickhouse://user:password@host:port/database?secure=true&compress=true&cluster=name`. All but the host may be left out. Throws
 * `FLUORO_BAD_CONFIG` for what is no such address.
 *
 * @example
 * parseClickHouseAddress("clickhouse://db.example/traces?secure=true").url; // "https://db.example:8443"
 */
export function parseClickHouseAddress(text: string): ClickHouseAddress {
  const url = isClickHouseAddress(text) && URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || url.hostname === "") throw bad(shown(text), "it names no host");
  const unknown = [...url.searchParams.keys()].find((name) => !["secure", "compress", "cluster"].includes(name));
  if (unknown !== undefined)
    throw bad(shown(text), `"${unknown}" is not known; there are secure, compress and cluster`);
  const database = nameIn(url.pathname.slice(1) || "fluoroscope", text);
  const cluster = url.searchParams.get("cluster");
  const isSecure = readSwitch(url, "secure", url.port === "8443", text);
  const port = url.port || (isSecure ? "8443" : "8123");
  return {
    url: `${isSecure ? "https" : "http"}://${url.hostname}:${port}`,
    username: decodeURIComponent(url.username) || "default",
    password: decodeURIComponent(url.password),
    database,
    isCompressed: readSwitch(url, "compress", false, text),
    ...(cluster !== null && { cluster: nameIn(cluster, text) }),
  };
}

function readSwitch(url: URL, name: string, usual: boolean, text: string): boolean {
  const value = url.searchParams.get(name) ?? String(usual);
  if (value !== "true" && value !== "false") throw bad(shown(text), `${name} is true or false, not "${value}"`);
  return value === "true";
}

/** Names stand in statements as they are, so they are nothing but names. */
function nameIn(name: string, text: string): string {
  if (/^[A-Za-z_]\w{0,63}$/.test(name)) return name;
  throw bad(shown(text), `"${name}" is not a name of letters, digits and underscores`);
}

/** For messages and logs: an address as it was given, without its password. */
export const shown = (text: string): string => text.replace(/^([a-z]+:\/\/[^:@/]*):[^@]*@/, "$1:…@");

const bad = (address: string, reason: string): FluoroscopeError =>
  new FluoroscopeError(
    "FLUORO_BAD_CONFIG",
    `${address} is not an address of a ClickHouse: ${reason}. Write clickhouse://user:password@host:8123/database.`,
  );
