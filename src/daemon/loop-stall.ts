import { monitorEventLoopDelay } from "node:perf_hooks";

/** Watches how long the loop that receives stands still: meanwhile only the socket's buffer keeps datagrams. */
export interface LoopStall {
  /** The longest stall within the last minute or two. */
  maxMs(): number;
  close(): void;
}

const windowMs = 60_000;

/** Starts watching, with a tick each `resolutionMs`. Shorter stalls may be missed, and ticks cost an idle process CPU. */
export function watchLoopStall({ resolutionMs = 10 }: { readonly resolutionMs?: number } = {}): LoopStall {
  const histogram = monitorEventLoopDelay({ resolution: resolutionMs });
  histogram.enable();
  let lastWindowMs = 0;
  // It measures from tick to tick, so a loop that never stalls shows the distance of the ticks.
  const sofar = (): number => Math.max(0, histogram.max / 1e6 - resolutionMs);
  const timer = setInterval(() => {
    lastWindowMs = sofar();
    histogram.reset();
  }, windowMs);
  timer.unref();
  return {
    maxMs: () => Math.round(Math.max(lastWindowMs, sofar()) * 10) / 10,
    close() {
      clearInterval(timer);
      histogram.disable();
    },
  };
}
