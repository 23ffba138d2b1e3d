import { isIPv6 } from "node:net";
import { FluoroscopeError } from "../errors.ts";
import { portOwner, type Transport } from "./port-owner.ts";

/**
 * What to say when a port cannot be had: who has it, where that can be known, and how to go on with the flags of the
 * command that wanted it. `up` has one port for both transports, the daemon an address for each.
 */
export function bindError(
  cause: unknown,
  transport: Transport,
  host: string,
  port: number,
  command: "up" | "daemon" = "up",
): FluoroscopeError {
  const code = cause instanceof Error && "code" in cause ? cause.code : undefined;
  const what = `${transport.toUpperCase()} port ${port} on ${host || "all addresses"}`;
  const flag = transport === "udp" ? "-b" : "-t";
  const isUp = command === "up";
  if (code === "EADDRINUSE") {
    const holder = portOwner(transport, port) ?? "another program, perhaps an X-Ray daemon";
    const another = isUp ? `--port ${port + 1}` : `${flag} ${isIPv6(host) ? `[${host}]` : host}:${port + 1}`;
    const message = `${what} is in use by ${holder}. Stop it, or take another port: ${another}.`;
    return new FluoroscopeError("FLUORO_PORT_IN_USE", message, { cause });
  }
  const reason = cause instanceof Error ? cause.message : String(cause);
  const remedy =
    code === "EACCES"
      ? `Low ports need special rights; take a higher one with ${isUp ? "--port" : flag}.`
      : `The address must be one of this machine's: check ${isUp ? "--host and --port" : flag}.`;
  return new FluoroscopeError("FLUORO_BAD_CONFIG", `${what} cannot be bound (${reason}). ${remedy}`, { cause });
}
