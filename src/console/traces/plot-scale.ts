import type { WireTraceSummary } from "../../api/wire.ts";
import type { Size } from "../map/viewport.ts";

/** Where a time and a duration stand on the plot, and what stands at a place. */
export interface PlotScale {
  readonly x: (startSeconds: number) => number;
  readonly y: (durationSeconds: number) => number;
  readonly secondsAt: (x: number) => number;
  readonly durationAt: (y: number) => number;
  /** Powers of ten within the range. */
  readonly marks: readonly number[];
}

/** Room for the labels of durations. */
export const plotLeft = 52;
const margin = 8;
const shortest = 0.0005;

/** Times from left to right, durations from bottom to top, each tenfold as high as the next. */
export function plotScale(traces: readonly WireTraceSummary[], size: Size): PlotScale {
  let [from, to, low, high] = [Infinity, -Infinity, Infinity, -Infinity];
  for (const { StartTime, Duration } of traces) {
    from = Math.min(from, StartTime);
    to = Math.max(to, StartTime);
    low = Math.min(low, Math.max(shortest, Duration));
    high = Math.max(high, Math.max(shortest, Duration));
  }
  // Half a tenfold of air, so that equal durations do not lie on the edge.
  const bottom = Math.log10(low) - 0.25;
  const top = Math.log10(high) + 0.25;
  const seconds = Math.max(1, to - from);
  const width = Math.max(1, size.width - plotLeft - margin);
  const height = Math.max(1, size.height - 2 * margin);
  const marks: number[] = [];
  for (let power = Math.ceil(bottom); power <= Math.floor(top); power += 1) marks.push(10 ** power);
  return {
    x: (at) => plotLeft + ((at - from) / seconds) * width,
    y: (duration) => margin + ((top - Math.log10(Math.max(shortest, duration))) / (top - bottom)) * height,
    secondsAt: (x) => from + ((x - plotLeft) / width) * seconds,
    durationAt: (y) => 10 ** (top - ((y - margin) / height) * (top - bottom)),
    marks,
  };
}

/** How near a pointer must be to a trace to mean it. */
const reach = 8;

/** The trace that is nearest to a place on the plot, if any is near. */
export function traceAt(
  traces: readonly WireTraceSummary[],
  scale: PlotScale,
  at: { readonly x: number; readonly y: number },
): WireTraceSummary | undefined {
  let nearest = reach;
  let found: WireTraceSummary | undefined;
  for (const trace of traces) {
    const distance = Math.hypot(scale.x(trace.StartTime) - at.x, scale.y(trace.Duration) - at.y);
    if (distance >= nearest) continue;
    nearest = distance;
    found = trace;
  }
  return found;
}
