import { isIP } from "node:net";
import { accessDenied } from "./aws-errors.ts";

/**
 * Keeps browsers' other pages out. A page elsewhere may post to this port (so `Origin` must be ours), and may give its
 * own name this machine's address and then read answers as its own (so `Host` must be a name that nobody else can own).
 */
export function checkCaller(
  headers: { readonly host?: string | undefined; readonly origin?: string | undefined },
  configuredHost: string,
): void {
  // Only browsers can be led astray, and they always say whom they mean.
  const host = headers.host ?? "localhost";
  if (!isOurName(hostname(host), configuredHost)) {
    throw accessDenied(`This server does not answer to the name ${JSON.stringify(hostname(host))}.`);
  }
  if (headers.origin !== undefined && originHost(headers.origin) !== host.toLowerCase()) {
    throw accessDenied("Requests from pages of other sites are refused.");
  }
}

/** Whether only this machine can reach the address. */
export function isLoopback(host: string): boolean {
  const name = bare(host).toLowerCase();
  return name === "localhost" || name.endsWith(".localhost") || name === "::1" || /^127(\.\d{1,3}){3}$/.test(name);
}

function isOurName(name: string, configuredHost: string): boolean {
  if (isLoopback(name) || name === bare(configuredHost).toLowerCase()) return true;
  if (isLoopback(configuredHost)) return false;
  // Beyond loopback we go by many names (a container's, a service's). An address, or a name without a dot, cannot be
  // somebody's domain that was pointed here.
  return isIP(name) !== 0 || (name !== "" && !name.includes("."));
}

/** `Host` without its port. */
function hostname(host: string): string {
  return bare(host.toLowerCase().replace(/:\d*$/, ""));
}

function bare(host: string): string {
  return host.replace(/^\[(.*)\]$/, "$1");
}

function originHost(origin: string): string | undefined {
  try {
    return new URL(origin).host;
  } catch {
    // `null`, or nonsense: an origin that is certainly not ours.
    return undefined;
  }
}
