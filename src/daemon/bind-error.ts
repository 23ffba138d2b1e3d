import { isIPv6 } from "node:net";
import { FluoroscopeError } from "../errors.ts";
import { portOwner, type Transport } from "./port-owner.ts";

/** Who wants a port: `up`, the daemon, or the flag of one of `up`'s ports for OpenTelemetry. */
type PortWanted = "up" | "daemon" | "--otlp-http-port" | "--otlp-grpc-port";

/**
 * What to say when a port cannot be had: who has it, where that can be known, and how to go on with the flags of the
 * command that wanted it. `up` has one port for both transports, the daemon an address for each.
 */
export function bindError(
  cause: unknown,
  transport: Transport,
  host: string,
  port: number,
  wanted: PortWanted = "up",
): FluoroscopeError {
  const code = cause instanceof Error && "code" in cause ? cause.code : undefined;
  const what = `${transport.toUpperCase()} port ${port} on ${host || "all addresses"}`;
  const isDaemon = wanted === "daemon";
  const flag = isDaemon ? (transport === "udp" ? "-b" : "-t") : wanted === "up" ? "--port" : wanted;
  if (code === "EADDRINUSE") {
    const holder = portOwner(transport, port) ?? `another program, perhaps ${usualHolder(wanted)}`;
    const another = isDaemon ? `${isIPv6(host) ? `[${host}]` : host}:${port + 1}` : port + 1;
    const message = `${what} is in use by ${holder}. Stop it, or take another port: ${flag} ${another}.`;
    return new FluoroscopeError("FLUORO_PORT_IN_USE", message, { cause });
  }
  const reason = cause instanceof Error ? cause.message : String(cause);
  const remedy =
    code === "EACCES"
      ? `Low ports need special rights; take a higher one with ${flag}.`
      : `The address must be one of this machine's: check ${isDaemon ? flag : `--host and ${flag}`}.`;
  return new FluoroscopeError("FLUORO_BAD_CONFIG", `${what} cannot be bound (${reason}). ${remedy}`, { cause });
}

function usualHolder(wanted: PortWanted): string {
  return wanted === "up" || wanted === "daemon" ? "an X-Ray daemon" : "an OpenTelemetry collector";
}
