import type { WayOutStatus } from "../forward/outbox-figures.ts";

/** Longer than any pause between two attempts. */
const patienceMs = 5 * 60_000;

/**
 * Answers whether every outbox turns: one that has something to send must have tried within the last minutes, with or
 * without success. That the loop itself turns is shown by being asked.
 */
export function watchProgress(status: () => readonly WayOutStatus[], now: () => number = Date.now): () => boolean {
  const seen = new Map<string, { readonly attempts: number; readonly sinceMs: number }>();
  return () =>
    status()
      .map(({ name, figures }) => {
        const attempts = figures.requests + Object.values(figures.failures).reduce((sum, count) => sum + count, 0);
        const before = seen.get(name);
        const isIdle = figures.waiting + figures.spilled === 0;
        if (before === undefined || isIdle || attempts !== before.attempts) {
          seen.set(name, { attempts, sinceMs: now() });
          return true;
        }
        return now() - before.sinceMs < patienceMs;
      })
      .every(Boolean);
}
