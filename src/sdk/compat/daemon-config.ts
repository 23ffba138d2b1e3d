import { type DaemonAddress, parseDaemonAddress } from "../../xray/daemon-address.ts";
import { getLogger } from "./logger.ts";

/** Where a daemon listens when nothing else is said. */
const defaultDaemonAddress = "127.0.0.1:2000";
const fromEnvironment = process.env.AWS_XRAY_DAEMON_ADDRESS || undefined;

let address: DaemonAddress = parseDaemonAddress(fromEnvironment ?? defaultDaemonAddress);
const listeners: (() => void)[] = [];

/** Where segments go and sampling rules come from: `host:port`, or `udp:host:port tcp:host:port`. */
export function setDaemonAddress(text: string): void {
  if (fromEnvironment !== undefined) {
    getLogger().warn(`AWS_XRAY_DAEMON_ADDRESS goes before setDaemonAddress: the daemon stays at ${fromEnvironment}.`);
    return;
  }
  address = parseDaemonAddress(text);
  for (const listener of listeners) listener();
}

/** Where the daemon is now. */
export function daemonAddress(): DaemonAddress {
  return address;
}

/** For what holds connections to the daemon. */
export function onDaemonMoved(listener: () => void): void {
  listeners.push(listener);
}
