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

/** Of a new configuration, what only a new start brings about. */
export function sayWhatStays(before: DaemonConfig, after: DaemonConfig, log: Log): void {
  for (const [flag, key] of [
    ["-b", "udpAddress"],
    ["-t", "tcpAddress"],
  ] as const) {
    const stays = formatAddress(before[key]);
    if (stays === formatAddress(after[key])) continue;
    log.warn({ text: `The address of ${flag} stays ${stays}; start the daemon anew to change it.` }, `${flag} stays`);
  }
}
