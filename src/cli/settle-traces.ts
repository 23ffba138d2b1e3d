import type { WireTraceSummary } from "../api/wire.ts";

/** After the last change of a trace that looks whole; its callees may send later. */
const quietMs = 700;
/** After the last change of one that does not. */
const patienceMs = 3_000;
/** So many traces at most wait to settle, and so many are remembered. */
const mostWaiting = 10_000;

export interface SettledTraces {
  /** What the live stream tells of a trace: each time it has changed. */
  add(summaries: readonly WireTraceSummary[]): void;
  /** Hands on all that wait, as they are. */
  flush(): void;
  /** Forgets what waits. May be called twice. */
  close(): void;
}

/**
 * Hands each trace on once, when it has settled: when it is whole and nothing more has come for a moment, or when nothing
 * has come for longer. One that ends otherwise than it was told is told again.
 */
export function settleTraces(onTrace: (summary: WireTraceSummary) => void): SettledTraces {
  const waiting = new Map<string, { readonly summary: WireTraceSummary; readonly timer: NodeJS.Timeout }>();
  const told = new Map<string, string>();
  const tell = (summary: WireTraceSummary): void => {
    waiting.delete(summary.Id);
    const ending = JSON.stringify([summary.HasFault, summary.HasError, summary.HasThrottle, summary.IsPartial]);
    if (told.get(summary.Id) === ending) return;
    told.set(summary.Id, ending);
    if (told.size > mostWaiting) told.delete(told.keys().next().value!);
    onTrace(summary);
  };
  const flush = (): void => {
    for (const { summary, timer } of [...waiting.values()]) {
      clearTimeout(timer);
      tell(summary);
    }
  };
  return {
    add(summaries) {
      // The stream has the newest first.
      for (const summary of summaries.toReversed()) {
        clearTimeout(waiting.get(summary.Id)?.timer);
        const timer = setTimeout(() => tell(summary), summary.IsPartial ? patienceMs : quietMs);
        waiting.delete(summary.Id);
        waiting.set(summary.Id, { summary, timer });
      }
      if (waiting.size > mostWaiting) flush();
    },
    flush,
    close() {
      for (const { timer } of waiting.values()) clearTimeout(timer);
      waiting.clear();
    },
  };
}
