import type { StoredTrace, TraceStore } from "../store/trace-store.ts";
import { assembleTrace } from "../trace/assemble-trace.ts";
import { parseSegment } from "../trace/parse-segment.ts";
import type { Trace } from "../trace/trace.ts";
import { parseTraceId } from "../xray/trace-id.ts";

/** AWS's limit of ids a call, and ours. */
const strictIds = 5;
const ids = 100;

/** How many traces may be asked for at once. */
export function maxTraceIds(strictLimits: boolean): number {
  return strictLimits ? strictIds : ids;
}

/** The traces of these ids, in any spelling of them, in the order asked; `unknown` are the ids without a trace. */
export async function findTraces(
  store: TraceStore,
  asked: readonly string[],
): Promise<{ found: { stored: StoredTrace; trace: Trace }[]; unknown: string[] }> {
  const canonical = new Map(asked.map((id) => [id, parseTraceId(id)]));
  const wanted = new Set([...canonical.values()].filter((id) => id !== undefined));
  const stored = new Map((await store.readTraces([...wanted])).map((trace) => [trace.id, trace]));
  return {
    found: [...wanted].flatMap((id) => {
      const trace = stored.get(id);
      return trace === undefined ? [] : [{ stored: trace, trace: assemble(trace) }];
    }),
    unknown: asked.filter((id) => !stored.has(canonical.get(id) ?? "")),
  };
}

function assemble({ id, documents }: StoredTrace): Trace {
  const segments = documents.flatMap((document) => {
    const parsed = parseSegment(document);
    return parsed.kind === "segments" ? parsed.segments : [];
  });
  return assembleTrace(
    id,
    segments.filter((segment) => segment.traceId === id),
  );
}
