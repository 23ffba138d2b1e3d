import { FluoroscopeError } from "../errors.ts";
import { portOwner, type Transport } from "./port-owner.ts";

/** What to say when a port cannot be had: who has it, where that can be known, and how to go on. */
export function bindError(cause: unknown, transport: Transport, host: string, port: number): FluoroscopeError {
  const code = cause instanceof Error && "code" in cause ? cause.code : undefined;
  const what = `${transport.toUpperCase()} port ${port} on ${host}`;
  if (code === "EADDRINUSE") {
    const holder = portOwner(transport, port) ?? "another program, perhaps an X-Ray daemon";
    const message = `${what} is in use by ${holder}. Stop it, or take another port: --port ${port + 1}.`;
    return new FluoroscopeError("FLUORO_PORT_IN_USE", message, { cause });
  }
  const reason = cause instanceof Error ? cause.message : String(cause);
  const remedy =
    code === "EACCES"
      ? "Low ports need special rights; take a higher one with --port."
      : "The address must be one of this machine's: check --host and --port.";
  return new FluoroscopeError("FLUORO_BAD_CONFIG", `${what} cannot be bound (${reason}). ${remedy}`, { cause });
}
