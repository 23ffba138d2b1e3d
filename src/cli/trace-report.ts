import type { WireService } from "../api/wire.ts";
import type { Segment } from "../trace/segment.ts";
import type { Trace } from "../trace/trace.ts";
import { criticalPath, type Share } from "./term/critical-path.ts";
import { drawMap } from "./term/draw-map.ts";
import { drawWaterfall } from "./term/draw-waterfall.ts";
import { explainFailure } from "./term/explain-failure.ts";
import { cut, spread, widthOf, wrap } from "./term/fit-text.ts";
import { count, duration, percent } from "./term/format.ts";
import { viewMap } from "./term/map-view.ts";
import type { Style } from "./term/style.ts";
import { type Item, traceItems } from "./term/trace-items.ts";
import { repeatedCalls, waterfallRows } from "./term/waterfall-rows.ts";

export interface ReportOptions {
  readonly style: Style;
  /** Subsegments to leave out of the waterfall. */
  readonly omit?: (subsegment: Segment) => boolean;
  /** Rows that the waterfall may have. */
  readonly mostRows?: number;
  /** What went wrong, where that is known better than the trace can tell. */
  readonly why?: string;
}

/** What one can tell of a trace without drawing: for `--json`. */
export function analyseTrace(trace: Trace, { style, omit }: ReportOptions): { criticalPath: Share[]; why: string[] } {
  const items = traceItems(trace, { glyphs: style.glyphs, ...(omit && { omit }) });
  return {
    criticalPath: items[0] ? criticalPath(items[0]) : [],
    why: explainFailure(items, style.glyphs),
  };
}

/** Map, waterfall, critical path and cause of one trace, as lines. */
export function drawTrace(trace: Trace, services: readonly WireService[], options: ReportOptions): string[] {
  const { style, omit, mostRows = 60 } = options;
  const { glyphs, paint } = style;
  const shown = ownMap(trace, services);
  const map = viewMap(shown, glyphs);
  const items = traceItems(trace, { glyphs, ...(omit && { omit }) });
  const { rows, left } = waterfallRows(items, { glyphs, mostRows });
  const lines = [
    spread(paint.bold("Service map"), paint.dim(summariseMap(shown)), style.width),
    ...drawMap(map, style),
    "",
    ...drawWaterfall(rows, style),
  ];
  if (left > 0) lines.push(paint.dim(`  ${glyphs.ellipsis} ${count(left, "shorter row")} left out; --rows shows more`));
  for (const line of describePath(items, style)) lines.push(paint.dim(line));
  for (const repeated of repeatedCalls(items)) lines.push(paint.error(describeRepeated(repeated, style)));
  if (trace.isPartial) lines.push(paint.error("  Not all of this trace has arrived yet."));
  const why = options.why ?? explainFailure(items, glyphs).join(glyphs.isAscii ? " -> " : " → ");
  lines.push("", ...(why === "" ? [] : drawFact("Why", why, style, paint.fault)));
  return lines;
}

/** A trace that nobody asked for over HTTP, as that of a script, has no client in front of it. */
function ownMap(trace: Trace, services: readonly WireService[]): readonly WireService[] {
  const isAskedFor = trace.segments.some(({ isRoot, http }) => isRoot && http !== undefined);
  return isAskedFor ? services : services.filter(({ Type }) => Type !== "client");
}

/** A word and what it stands for, the text wrapped beside it. */
export function drawFact(word: string, text: string, style: Style, paint: (text: string) => string): string[] {
  const [first = "", ...rest] = wrap(text, style.width - 7);
  return [`${paint(word.padEnd(7))}${first}`, ...rest.map((line) => `       ${line}`)];
}

function describePath([root]: readonly Item[], { width, glyphs }: Style): string[] {
  const shares = root ? criticalPath(root) : [];
  if (shares.length < 2) return [];
  const separator = glyphs.isAscii ? " - " : " · ";
  let line = "";
  // The largest come first; what no longer fits is small.
  for (const { service, share } of shares) {
    const longer = `${line === "" ? "  critical path: " : line + separator}${service} ${percent(share)}`;
    if (line !== "" && widthOf(longer) > width) break;
    line = longer;
  }
  return [cut(line, width, glyphs)];
}

function describeRepeated(repeated: ReturnType<typeof repeatedCalls>[number], { width, glyphs }: Style): string {
  const { name, operation } = repeated.item;
  const what = [name, operation].filter((part) => part !== "").join(" ");
  return cut(`  ${repeated.count} ${glyphs.times} ${what} one after another: possible N+1`, width, glyphs);
}

/** `(5 services, 1 fault)`. */
export function summariseMap(services: readonly WireService[]): string {
  const real = services.filter(({ Type }) => Type !== "client");
  const statistics = real.flatMap(({ SummaryStatistics }) => SummaryStatistics ?? []);
  const faults = statistics.reduce((sum, { FaultStatistics }) => sum + FaultStatistics.TotalCount, 0);
  const throttles = statistics.reduce((sum, { ErrorStatistics }) => sum + ErrorStatistics.ThrottleCount, 0);
  const errors = statistics.reduce((sum, { ErrorStatistics }) => sum + ErrorStatistics.OtherCount, 0);
  const parts = [count(real.length, "service")];
  if (faults > 0) parts.push(count(faults, "fault"));
  if (errors > 0) parts.push(count(errors, "error"));
  if (throttles > 0) parts.push(count(throttles, "throttle"));
  return `(${parts.join(", ")})`;
}

/** The first line of a trace: how it ended, what it was, how long it took. */
export function describeTrace(trace: Trace): { readonly text: string; readonly time: string } {
  const entry = trace.entry;
  const http = [...trace.segments].find(({ http: each }) => each?.url !== undefined)?.http;
  const asked = [http?.status, http?.method, http?.url].filter((part) => part !== undefined).join(" ");
  const text = [entry?.node.name, asked].filter((part) => (part ?? "") !== "").join("  ");
  return { text, time: duration((trace.endSeconds - trace.startSeconds) * 1_000) };
}
