import type { HrTime, TimeInput } from "@opentelemetry/api";

/** A step of the wall clock larger than this is followed; smaller ones are its coarse reading. */
const toleratedMs = 5;

let offsetMs = performance.timeOrigin;

/** Epoch milliseconds with a fraction: as fine as the monotonic clock, and right after the machine's clock was set. */
function nowMs(): number {
  const fineMs = offsetMs + performance.now();
  const wallMs = Date.now();
  if (Math.abs(fineMs - wallMs) < toleratedMs) return fineMs;
  offsetMs += wallMs - fineMs;
  return wallMs;
}

/** Epoch milliseconds as OpenTelemetry writes times: seconds and nanoseconds, in whole microseconds as no clock is finer. */
function toHrTime(ms: number): HrTime {
  const microseconds = Math.round(ms * 1_000);
  const seconds = Math.floor(microseconds / 1e6);
  return [seconds, (microseconds - seconds * 1e6) * 1_000];
}

/** A time as people give it to a span: a date, epoch milliseconds, a reading of `performance.now()`, or none for now. */
export function readTime(time: TimeInput | undefined): HrTime {
  if (time === undefined) return toHrTime(nowMs());
  if (Array.isArray(time)) return time;
  if (time instanceof Date) return toHrTime(time.getTime());
  return toHrTime(time < performance.timeOrigin ? offsetMs + time : time);
}
