import { FluoroscopeError } from "../errors.ts";

/** Where a daemon listens: UDP for segments, TCP for questions about sampling. */
export interface DaemonAddress {
  readonly udp: Endpoint;
  readonly tcp: Endpoint;
}

/** A host's name, IPv4 address or IPv6 address without brackets, and a port. */
interface Endpoint {
  readonly host: string;
  readonly port: number;
}

const remedy =
  'Write "host:port", or both "tcp:host:port" and "udp:host:port" with one blank between them; IPv6 as "[::1]:2000".';
const ipv6 = /^\[([0-9a-f:.]*:[0-9a-f:.]*:[0-9a-f:.]*(?:%[\w.-]+)?)\]$/i;
const nameOrIpv4 = /^[^\s:[\]/@]{1,255}$/;

/**
 * Reads `AWS_XRAY_DAEMON_ADDRESS`: `host:port` for both transports, or one `tcp:` and one `udp:` part in any order.
 * Refuses whatever one of the official SDKs refuses, with `FLUORO_BAD_DAEMON_ADDRESS`: a wrong address must not
 * silently become the default.
 */
export function parseDaemonAddress(text: string): DaemonAddress {
  const parts = text.split(" ", 3);
  const [first = "", second] = parts;
  if (parts.length === 1) return readBoth(first, text);
  if (parts.length > 2 || first === "" || second === undefined || second === "") {
    throw badAddress(text, "has more than one blank, or one at an end");
  }
  const [one, other] = [readLabelled(first, text), readLabelled(second, text)];
  if (one.label === other.label) throw badAddress(text, `names ${one.label} twice`);
  return one.label === "udp" ? { udp: one.endpoint, tcp: other.endpoint } : { udp: other.endpoint, tcp: one.endpoint };
}

function readBoth(part: string, text: string): DaemonAddress {
  const labelled = splitLabel(part);
  if (labelled) {
    throw badAddress(text, `has no ${labelled.label === "tcp" ? "udp" : "tcp"} part`);
  }
  const endpoint = readEndpoint(part, text);
  return { udp: endpoint, tcp: endpoint };
}

function readLabelled(part: string, text: string): { label: "tcp" | "udp"; endpoint: Endpoint } {
  const labelled = splitLabel(part);
  if (!labelled) throw badAddress(text, `has two parts, of which one begins with neither "tcp:" nor "udp:"`);
  return { label: labelled.label, endpoint: readEndpoint(labelled.rest, text) };
}

/** Not for `udp:2000`, which may well be a host of that name. */
function splitLabel(part: string): { label: "tcp" | "udp"; rest: string } | undefined {
  const label = part.slice(0, 4);
  const rest = part.slice(4);
  if ((label !== "tcp:" && label !== "udp:") || !rest.includes(":")) return undefined;
  return { label: label === "tcp:" ? "tcp" : "udp", rest };
}

function readEndpoint(part: string, text: string): Endpoint {
  const colon = part.lastIndexOf(":");
  if (colon < 0) throw badAddress(text, "has no port");
  const written = part.slice(0, colon);
  const host = ipv6.exec(written)?.[1] ?? (nameOrIpv4.test(written) ? written : undefined);
  if (host === undefined) throw badAddress(text, written === "" ? "has no host" : "has a host that cannot be one");
  const digits = part.slice(colon + 1);
  const port = /^\d{1,5}$/.test(digits) ? Number(digits) : 0;
  if (port < 1 || port > 65_535) throw badAddress(text, "has no port between 1 and 65535");
  return { host, port };
}

function badAddress(text: string, reason: string): FluoroscopeError {
  const shown = text.length > 100 ? `${text.slice(0, 100)}…` : text;
  return new FluoroscopeError(
    "FLUORO_BAD_DAEMON_ADDRESS",
    `The daemon address ${JSON.stringify(shown)} ${reason}. ${remedy}`,
  );
}
