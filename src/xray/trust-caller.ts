/** What an HTTP request says about where it comes from. */
export interface CallerHeaders {
  readonly host?: string | undefined;
  readonly origin?: string | undefined;
}

/**
 * Why a caller is turned away, as a sentence; `undefined` when it may ask. Keeps browsers' other pages out: a page
 * elsewhere may post to this port (so `Origin` must be ours), and may give its own name this machine's address and then
 * read answers as its own (so `Host` must be a name that nobody else can own).
 */
export function distrust({ host = "localhost", origin }: CallerHeaders, configuredHost: string): string | undefined {
  // Who names no host is no browser: those can be led astray, and always say whom they mean.
  if (!isOurName(hostname(host), configuredHost)) {
    return `This server does not answer to the name ${JSON.stringify(hostname(host))}.`;
  }
  const isForeign = origin !== undefined && originHost(origin) !== host.toLowerCase();
  return isForeign ? "Requests from pages of other sites are refused." : undefined;
}

/** Whether only this machine can reach the address. */
export function isLoopback(host: string): boolean {
  const name = bare(host).toLowerCase();
  return /^([\w-]+\.)*localhost$/.test(name) || name === "::1" || /^127(\.\d{1,3}){3}$/.test(name);
}

function isOurName(name: string, configuredHost: string): boolean {
  if (isLoopback(name) || name === bare(configuredHost).toLowerCase()) return true;
  // Set aside for private use: `host.docker.internal` is this machine, as a container on it sees it.
  if (/^([\w-]+\.)+internal$/.test(name)) return true;
  if (isLoopback(configuredHost)) return false;
  // Beyond loopback we go by many names (a container's, a service's). An address, or a name without a dot, cannot be
  // somebody's domain that was pointed here.
  return isAddress(name) || (name !== "" && !name.includes("."));
}

function isAddress(name: string): boolean {
  return /^\d+(\.\d+){3}$/.test(name) || /^[\da-f.]*:[\da-f:.]*(%\w+)?$/.test(name);
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
