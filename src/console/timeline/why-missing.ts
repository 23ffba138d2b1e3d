import { formatAge, formatMoment } from "../ui/format.ts";

/** What is known of a trace that is not there. */
export interface MissingFacts {
  /** When it began, by its id; `undefined` for what is no trace's id. */
  readonly traceSeconds: number | undefined;
  readonly nowSeconds: number;
  /** How long traces are kept. */
  readonly retentionSeconds?: number | undefined;
  /** From when the oldest trace is. */
  readonly oldestSeconds?: number | undefined;
}

/** Why a trace cannot be shown: removed, and when, not come yet, or never there. */
export function whyMissing({ traceSeconds, nowSeconds, retentionSeconds, oldestSeconds }: MissingFacts): string {
  if (traceSeconds === undefined) return "That is not the id of a trace: it reads 1-8hex-24hex.";
  const began = `It is from ${formatMoment(traceSeconds)}.`;
  const sinceRemoved = retentionSeconds === undefined ? -1 : nowSeconds - traceSeconds - retentionSeconds;
  if (retentionSeconds !== undefined && sinceRemoved >= 0) {
    return `${began} Traces are kept for ${formatAge(retentionSeconds)}: if it was here, retention removed it ${formatAge(sinceRemoved)} ago.`;
  }
  if (oldestSeconds !== undefined && traceSeconds < Math.floor(oldestSeconds)) {
    return `${began} The oldest trace here is from ${formatMoment(oldestSeconds)}: older ones have been cleared, or removed for want of room.`;
  }
  return "If its services still run it may come yet: this page will show it then.";
}
