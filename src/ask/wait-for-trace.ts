import { setTimeout as delay } from "node:timers/promises";
import type { Server } from "./ask-server.ts";
import { type FetchedTrace, fetchTrace } from "./fetch-trace.ts";

export interface WaitOptions {
  readonly limitMs: number;
  /** The segment that must be there; without it the trace of its callees may look whole. */
  readonly segmentId: string;
  readonly signal: AbortSignal;
  readonly onProgress?: (trace: FetchedTrace | undefined) => void;
}

export interface Waited {
  /** What has arrived; absent when nothing has. */
  readonly found?: FetchedTrace;
  readonly isWhole: boolean;
}

const pollMs = 40;
/** How long nothing new must come before a trace counts as whole: callees send their segments when they please. */
const quietMs = 300;

/** Asks for a trace until it is whole or the time is up. */
export async function waitForTrace(server: Server, id: string, options: WaitOptions): Promise<Waited> {
  const { limitMs, segmentId, signal, onProgress } = options;
  const startMs = Date.now();
  let changedMs = startMs;
  let found: FetchedTrace | undefined;
  for (;;) {
    const now = await fetchTrace(server, id);
    if (now?.revision !== found?.revision) changedMs = Date.now();
    found = now;
    onProgress?.(found);
    const hasOurs = found?.trace.segments.some((segment) => segment.id === segmentId) ?? false;
    const isQuiet = Date.now() - changedMs >= quietMs;
    if (found && hasOurs && isQuiet && !found.trace.isPartial) return { found, isWhole: true };
    if (Date.now() - startMs >= limitMs || signal.aborted) return { ...(found && { found }), isWhole: false };
    await delay(pollMs);
  }
}
