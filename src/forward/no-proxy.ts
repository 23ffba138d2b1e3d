import { BlockList, isIP } from "node:net";

/**
 * Whether `NO_PROXY` says that a URL is asked directly. Entries are separated by commas or blanks, and each may end in a
 * `:port` that must fit too:
 * `*` is everything; `example.com` is that host and all below it; `.example.com` and `*.example.com` are only those below;
 * an address is that address, and `10.0.0.0/8` every address in it. Names are not looked up.
 */
export function bypassesProxy(url: URL, noProxy: string | undefined): boolean {
  if (noProxy === undefined || noProxy === "") return false;
  const host = url.hostname
    .replace(/^\[(.*)\]$/, "$1")
    .toLowerCase()
    .replace(/\.$/, "");
  const port = url.port || (url.protocol === "https:" ? "443" : "80");
  return noProxy
    .toLowerCase()
    .split(/[\s,]+/)
    .some((entry) => entry !== "" && fits(entry, host, port));
}

function fits(entry: string, host: string, port: string): boolean {
  if (entry === "*") return true;
  const { name, wantedPort } = splitPort(entry);
  if (wantedPort !== undefined && wantedPort !== port) return false;
  const family = isIP(host);
  if (family !== 0) return name === host || isWithin(host, family === 4 ? "ipv4" : "ipv6", name);
  const below = name.replace(/^\*(?=\.)/, "");
  if (below.startsWith(".")) return host.endsWith(below);
  return host === below || host.endsWith(`.${below}`);
}

function splitPort(entry: string): { name: string; wantedPort?: string } {
  const bracketed = /^\[([^\]]*)\](?::(\d+))?$/.exec(entry);
  // Several colons without brackets are an IPv6 address, which has no port.
  const match = bracketed ?? /^([^:]*):(\d+)$/.exec(entry);
  if (match === null) return { name: entry };
  return { name: match[1]!, ...(match[2] !== undefined && { wantedPort: match[2] }) };
}

function isWithin(address: string, family: "ipv4" | "ipv6", range: string): boolean {
  const [network = "", bits = ""] = range.split("/");
  const wanted = family === "ipv4" ? 4 : 6;
  if (isIP(network) !== wanted || !/^\d{1,3}$/.test(bits) || Number(bits) > (wanted === 4 ? 32 : 128)) return false;
  const list = new BlockList();
  list.addSubnet(network, Number(bits), family);
  return list.check(address, family);
}
