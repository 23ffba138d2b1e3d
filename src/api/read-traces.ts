import type { StoredTrace, TraceStore } from "../store/trace-store.ts";
import { parseTraceId } from "../xray/trace-id.ts";
import { type Check, text } from "./validate.ts";

/** One of the `TraceIds` of a request. */
export const traceId: Check<string> = text({ min: 1, max: 35 });

/** AWS's limit of ids a call, and ours. */
const strictIds = 5;
const ids = 100;

/** How many traces may be asked for at once. */
export function maxTraceIds(strictLimits: boolean): number {
  return strictLimits ? strictIds : ids;
}

/** The traces of these ids, in any spelling of them, in the order asked; `unknown` are the ids without a trace. */
export async function readTraces(
  store: Pick<TraceStore, "readTraces">,
  asked: readonly string[],
): Promise<{ found: StoredTrace[]; unknown: string[] }> {
  const canonical = new Map(asked.map((id) => [id, parseTraceId(id)]));
  const wanted = new Set([...canonical.values()].filter((id) => id !== undefined));
  const stored = new Map((await store.readTraces([...wanted])).map((trace) => [trace.id, trace]));
  return {
    found: [...wanted].flatMap((id) => stored.get(id) ?? []),
    unknown: asked.filter((id) => !stored.has(canonical.get(id) ?? "")),
  };
}
