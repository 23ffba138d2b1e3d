import type { Log } from "../log.ts";
import type { DaemonConfig } from "./daemon-config.ts";
import type { DaemonStatus } from "./daemon-status.ts";
import { formatAddress } from "./listen-address.ts";

/** The last lines of a start: the original's, and ours. */
export function sayReady({ addresses, waysOut }: DaemonStatus, endpoint: URL | undefined, log: Log): void {
  if (endpoint !== undefined) {
    const shown = `${endpoint.origin}${endpoint.pathname}`.replace(/\/$/, "");
    log.info({ text: `HTTP Proxy server using X-Ray Endpoint : ${shown}`, endpoint: shown }, "endpoint");
  }
  if (addresses.tcp !== undefined) log.info({ text: `Starting proxy http server on ${addresses.tcp}` }, "proxy");
  const to = waysOut.map(({ name }) => name);
  const text = `fluoroscope daemon is ready: X-Ray UDP ${addresses.udp}, sending to ${to.join(" and ")}`;
  log.info({ text, addresses, to }, "ready");
}

/** The new configuration, but for what only a new start can change, which is said. */
export function keepWhatStays(before: DaemonConfig, after: DaemonConfig, log: Log): DaemonConfig {
  const { udpAddress, tcpAddress, spillFolder } = before;
  const wanted = new Map(whatStays(after));
  for (const [flag, stays] of whatStays(before)) {
    if (wanted.get(flag) === stays) continue;
    log.warn({ text: `${flag} stays ${stays}; start the daemon anew to change it.` }, `${flag} stays`);
  }
  return { ...after, udpAddress, tcpAddress, spillFolder };
}

function whatStays({ udpAddress, tcpAddress, spillFolder }: DaemonConfig): [flag: string, value: string][] {
  return [
    ["-b", formatAddress(udpAddress)],
    ["-t", formatAddress(tcpAddress)],
    ["--spill-dir", spillFolder ?? "off"],
  ];
}
