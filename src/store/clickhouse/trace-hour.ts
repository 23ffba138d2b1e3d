import { countedAt } from "../../graph/cells.ts";
import type { TraceDigest } from "../../trace/digest.ts";
import type { Segment } from "../../trace/segment.ts";
import { traceIdSeconds } from "../../xray/trace-id.ts";
import { spanOf } from "../trace-span.ts";

/** Traces stand in the table by the hour of their start, so that a question reads the hours of its range. */
export const hourSeconds = 3600;

/** Where those stand that reach beyond their hour and the next: they are few, and every question looks at all of them. */
export const strayHour = 0;

/** The hour under which a trace stands. */
export function hourOf(digest: TraceDigest): number {
  const hour = Math.floor(digest.startSeconds / hourSeconds);
  const { from, until } = spanOf(digest);
  const times = [from, until, digest.endSeconds, digest.idSeconds];
  return hour > strayHour && hour < 2 ** 32 && times.every((seconds) => isIn(hour, seconds)) ? hour : strayHour;
}

/** The hours that a question about a range looks at, the strays apart. */
export function hoursOf({ startSeconds, endSeconds }: { startSeconds: number; endSeconds: number }): HourRange {
  const first = Math.max(0, Math.floor(startSeconds / hourSeconds) - 1);
  const last = Math.max(0, Math.min(2 ** 32 - 1, Math.floor(endSeconds / hourSeconds)));
  return { first, last };
}

/** Both belong to it. */
export interface HourRange {
  readonly first: number;
  readonly last: number;
}

/** The same as a condition; with the strays. */
export const withStrays = ({ first, last }: HourRange): string =>
  `(hour = ${strayHour} OR hour BETWEEN ${first} AND ${last})`;

/**
 * The other hours under which a version of fewer documents may stand: a trace begins when one of its documents does. What
 * stands there is superseded, and has to be taken away.
 */
export function earlierHours(digest: TraceDigest, documents: readonly Segment[]): number[] {
  const times = timesIn(documents);
  const idSeconds = traceIdSeconds(digest.id);
  if (times.some((seconds) => Math.abs(seconds - idSeconds) <= 86_400)) times.push(idSeconds);
  const starts = new Set<number>();
  forEachTimed(documents, ({ startSeconds }) => starts.add(Math.floor(startSeconds / hourSeconds)));
  const [hour] = starts;
  const mayStray = starts.size > 1 || times.some((seconds) => !isIn(hour ?? 0, seconds));
  if (mayStray) starts.add(strayHour);
  starts.delete(hourOf(digest));
  return [...starts].filter((each) => each >= strayHour && each < 2 ** 32);
}

/** The minutes in which a trace counts. */
export function minutesOf({ segments, calls }: TraceDigest): Set<number> {
  const minutes = new Set<number>();
  for (const list of [segments, calls]) for (const timed of list) minutes.add(Math.floor(countedAt(timed) / 60));
  return minutes;
}

/** The minutes in which anything of these documents may count, or have counted in a version of fewer documents. */
export function minutesIn(documents: readonly Segment[]): Set<number> {
  return new Set(timesIn(documents).map((seconds) => Math.floor(seconds / 60)));
}

const isIn = (hour: number, seconds: number): boolean =>
  seconds >= hour * hourSeconds && seconds < (hour + 2) * hourSeconds;

function timesIn(documents: readonly Segment[]): number[] {
  const times: number[] = [];
  forEachTimed(documents, ({ startSeconds, endSeconds }) => {
    times.push(startSeconds);
    if (endSeconds !== undefined) times.push(endSeconds);
  });
  return times;
}

function forEachTimed(segments: readonly Segment[], visit: (segment: Segment) => void): void {
  for (const segment of segments) {
    visit(segment);
    forEachTimed(segment.subsegments, visit);
  }
}
