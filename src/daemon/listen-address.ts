/** A host's name, IPv4 address or IPv6 address without brackets, and a port. */
export interface ListenAddress {
  /** `::` takes what comes in on every address, by IPv4 too. */
  readonly host: string;
  /** 0: any free one. */
  readonly port: number;
}

const ipv6 = /^\[([\da-f:.]*:[\da-f:.]*:[\da-f:.]*(?:%[\w.-]+)?)\]$/i;
const nameOrIpv4 = /^[^\s:[\]/@%]{1,255}$/;

/** Reads `host:port`, `[::1]:port` or `:port`, as Go's listeners do. Answers `undefined` for other text. */
export function parseListenAddress(text: string): ListenAddress | undefined {
  const colon = text.lastIndexOf(":");
  const digits = text.slice(colon + 1);
  if (colon < 0 || !/^\d{1,5}$/.test(digits) || Number(digits) > 65_535) return undefined;
  const written = text.slice(0, colon);
  if (written === "") return { host: "::", port: Number(digits) };
  const host = ipv6.exec(written)?.[1] ?? (nameOrIpv4.test(written) ? written : undefined);
  return host === undefined ? undefined : { host, port: Number(digits) };
}

/** The address as `parseListenAddress` reads it. */
export function formatAddress({ host, port }: ListenAddress): string {
  return host.includes(":") ? `[${host}]:${port}` : `${host}:${port}`;
}
