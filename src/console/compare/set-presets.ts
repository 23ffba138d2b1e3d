import { endsOf } from "../address/time-span.ts";
import { narrowFilter } from "../filter-bar/refine-filter.ts";
import type { SetSide } from "./compare-address.ts";

/** Two sets that are often worth comparing. */
export interface SetPreset {
  readonly label: string;
  readonly hint: string;
  readonly a: SetSide;
  readonly b: SetSide;
}

const daySeconds = 86_400;

/**
 * Comparisons that start from one set. A run ends where the server was started again, which is known only of the last
 * start; other moments are picked by hand.
 */
export function setPresets(
  from: SetSide,
  { nowSeconds, startedSeconds }: { readonly nowSeconds: number; readonly startedSeconds: number | undefined },
): SetPreset[] {
  const { filter } = from;
  const ends = endsOf(from.span, nowSeconds);
  const long = ends.endSeconds - ends.startSeconds;
  const between = (startSeconds: number, endSeconds: number): SetSide => ({
    filter,
    span: { kind: "between", startSeconds, endSeconds },
  });
  const now = between(ends.startSeconds, ends.endSeconds);
  const narrowed = (clause: string): SetSide => ({ filter: narrowFilter(filter, clause), span: from.span });
  const presets: SetPreset[] = [
    {
      label: "Before and now",
      hint: "The same length of time right before, and this time",
      a: between(ends.startSeconds - long, ends.startSeconds),
      b: now,
    },
    {
      label: "Yesterday and now",
      hint: "The same time a day earlier, and this time",
      a: between(ends.startSeconds - daySeconds, ends.endSeconds - daySeconds),
      b: now,
    },
    { label: "OK and faults", hint: "What the failing ones have in common", a: narrowed("ok"), b: narrowed("fault") },
    {
      label: "Fast and slow",
      hint: "What those over a second have in common",
      a: narrowed("responsetime <= 1"),
      b: narrowed("responsetime > 1"),
    },
  ];
  if (startedSeconds !== undefined) {
    presets.push({
      label: "Last run and this run",
      hint: "Before and since fluoroscope was started",
      a: between(startedSeconds - Math.max(long, nowSeconds - startedSeconds), startedSeconds),
      b: between(startedSeconds, Math.max(nowSeconds, startedSeconds + 1)),
    });
  }
  return presets;
}
