import type { Facet } from "../../analysis/facet.ts";
import { quoteText } from "../../filter/format.ts";
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
/** More would be a list, not a row of buttons. */
const mostRuns = 3;

/**
 * Comparisons that start from one set. A run ends where the server was started again, which is known only of the last
 * start; other moments are picked by hand.
 */
export function setPresets(
  from: SetSide,
  {
    nowSeconds,
    startedSeconds,
    runs = [],
  }: {
    readonly nowSeconds: number;
    readonly startedSeconds: number | undefined;
    /** Names that runs were given, as `call --run` gives them. */
    readonly runs?: readonly string[];
  },
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
  for (const [at, name] of runs.slice(0, mostRuns).entries()) {
    const next = runs[at + 1];
    if (next === undefined) break;
    // A set that is one run already is not to be another one, too.
    const rest = filter.includes("annotation.run") ? "" : filter;
    const ofRun = (run: string): SetSide => ({
      filter: narrowFilter(rest, `annotation.run = ${quoteText(run)}`),
      span: from.span,
    });
    presets.push({ label: `${name} and ${next}`, hint: "Two runs by their names", a: ofRun(name), b: ofRun(next) });
  }
  return presets;
}

/** The names of runs among the attributes of a set, in their order by name. */
export function runsAmong(facets: readonly Facet[]): string[] {
  const found = facets.find(({ kind, key }) => kind === "annotation" && key === "run");
  return (found?.values ?? [])
    .map(({ value }) => String(value))
    .sort((a, b) => a.localeCompare(b, "en", { numeric: true }));
}
