import type { Server } from "../ask/ask-server.ts";
import { type FetchedTrace, fetchTrace } from "../ask/fetch-trace.ts";
import { FluoroscopeError } from "../errors.ts";
import { parseTraceId } from "../xray/trace-id.ts";
import type { Terminal } from "./terminal.ts";

/** What help says of an argument that is a trace id. */
export const traceIdMeaning = "trace id, in X-Ray's form (1-67ab12cd-…) or W3C's (32 hex digits)";

/** A trace id as it stands on a command line, in either spelling. Throws `FLUORO_BAD_CONFIG` for anything else. */
export function readTraceId(given: string): string {
  const id = parseTraceId(given);
  if (id !== undefined) return id;
  const message = `"${given}" is no trace id. Write it as 1-8 hex digits-24 hex digits; "fluoroscope traces" lists them.`;
  throw new FluoroscopeError("FLUORO_BAD_CONFIG", message);
}

/** The trace of an id; `undefined`, and a remark, when there is none. */
export async function findTrace(server: Server, id: string, terminal: Terminal): Promise<FetchedTrace | undefined> {
  const found = await fetchTrace(server, id);
  if (found === undefined) {
    terminal.remark(
      `fluoroscope: There is no trace ${id} at ${server.endpoint}. "fluoroscope traces" lists those there are.`,
    );
  }
  return found;
}
