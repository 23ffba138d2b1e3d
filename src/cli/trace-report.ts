import { criticalPath, type Share } from "../analysis/critical-path.ts";
import { type RepeatedCalls, repeatedCalls } from "../analysis/repeated-calls.ts";
import { type SpanTree, spanTree } from "../analysis/span-tree.ts";
import type { WireService } from "../api/wire.ts";
import type { Segment } from "../trace/segment.ts";
import type { Trace } from "../trace/trace.ts";
import { cleanText } from "./term/clean-text.ts";
import { drawMap } from "./term/draw-map.ts";
import { drawWaterfall } from "./term/draw-waterfall.ts";
import { explainFailure } from "./term/explain-failure.ts";
import { cut, cutMiddle, spread, widthOf, wrap } from "./term/fit-text.ts";
import { count, duration, percent } from "./term/format.ts";
import { viewMap } from "./term/map-view.ts";
import type { Style } from "./term/style.ts";
import { traceItems } from "./term/trace-items.ts";
import { waterfallRows } from "./term/waterfall-rows.ts";

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
export function analyseTrace(
  trace: Trace,
  { style: { glyphs }, omit }: ReportOptions,
): { criticalPath: readonly Share[]; repeatedCalls: readonly object[]; why: readonly string[] } {
  const tree = spanTree(trace);
  return {
    criticalPath: criticalPath(tree).shares,
    // Row numbers mean nothing to whoever has no rows.
    repeatedCalls: repeatedCalls(tree).map(({ parent, rows, ...rest }) => ({
      ...rest,
      operation: detailOf(tree, rows[0]!),
      count: rows.length,
      parentId: tree.ids.at(parent),
    })),
    why: explainFailure(traceItems(tree, { glyphs, ...(omit && { omit }) }), glyphs),
  };
}

/** Map, waterfall, critical path and cause of one trace, as lines. */
export function drawTrace(trace: Trace, services: readonly WireService[], options: ReportOptions): string[] {
  const { style, omit, mostRows = 60 } = options;
  const { glyphs, paint } = style;
  const shown = ownMap(trace, services);
  const map = viewMap(shown, glyphs);
  const tree = spanTree(trace);
  const items = traceItems(tree, { glyphs, ...(omit && { omit }) });
  const { rows, left } = waterfallRows(items, { glyphs, mostRows });
  const lines = [
    spread(paint.bold("Service map"), paint.dim(summariseMap(shown)), style.width),
    ...drawMap(map, style),
    "",
    ...drawWaterfall(rows, style),
  ];
  if (left > 0) lines.push(paint.dim(`  ${glyphs.ellipsis} ${count(left, "more row")}; --rows shows them`));
  for (const line of describePath(tree, style)) lines.push(paint.dim(line));
  const suspects = repeatedCalls(tree)
    .filter(({ suspectsNPlusOne }) => suspectsNPlusOne)
    .toSorted((one, other) => other.totalSeconds - one.totalSeconds);
  for (const repeated of suspects.slice(0, mostSuspects)) {
    lines.push(paint.error(describeRepeated(repeated, tree, style)));
  }
  if (suspects.length > mostSuspects) {
    lines.push(
      paint.dim(`  ${glyphs.ellipsis} ${count(suspects.length - mostSuspects, "more like these", "more like these")}`),
    );
  }
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

/** A word and the link that it stands for. */
export function drawLink(word: string, url: string, style: Style): string[] {
  const [first = "", ...rest] = wrap(cleanText(url, style.glyphs), style.width - 7);
  const { bold } = style.paint;
  return [
    `${bold(word.padEnd(7))}${style.hyperlink(first, url)}`,
    ...rest.map((line) => `       ${style.hyperlink(line, url)}`),
  ];
}

/** A word and what it stands for, the text wrapped beside it. */
export function drawFact(word: string, text: string, style: Style, paint: (text: string) => string): string[] {
  const [first = "", ...rest] = wrap(text, style.width - 7);
  return [`${paint(word.padEnd(7))}${first}`, ...rest.map((line) => `       ${line}`)];
}

const fewestShown = 0.01;
const mostSuspects = 5;

function describePath(tree: SpanTree, { width, glyphs }: Style): string[] {
  const shares = criticalPath(tree).shares.filter(({ share }) => share >= fewestShown);
  if (shares.length < 2) return [];
  const separator = glyphs.isAscii ? " - " : " · ";
  let line = "";
  // The largest come first; what no longer fits is small.
  for (const { service, share } of shares) {
    const part = `${cleanText(service, glyphs)} ${percent(share)}`;
    const longer = `${line === "" ? "  critical path: " : line + separator}${part}`;
    if (line !== "" && widthOf(longer) > width) break;
    line = longer;
  }
  return [cut(line, width, glyphs)];
}

function describeRepeated({ rows, name }: RepeatedCalls, tree: SpanTree, { width, glyphs }: Style): string {
  const what = cleanText([name, detailOf(tree, rows[0]!)].filter((part) => part !== "").join(" "), glyphs);
  return cut(`  ${rows.length} ${glyphs.times} ${what} one after another: possible N+1`, width, glyphs);
}

const detailOf = ({ labels, labelOf }: SpanTree, row: number): string => labels[labelOf[row]!]!.detail;

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

/** The first lines of a trace: how it ended, what it was, how long it took, when it was. */
export function drawTitle(trace: Trace, style: Style): string[] {
  const { text, time } = describeTrace(trace);
  const title = cutMiddle(cleanText(text, style.glyphs), style.width - time.length - 2, style.glyphs);
  return [
    spread(style.paint.bold(title), time, style.width),
    style.paint.dim(describeMoment(trace, style.width, style)),
    "",
  ];
}

/** A trace's id and when it began; without the day where there is no room for it. */
export function describeMoment({ id, startSeconds }: Trace, width: number, { glyphs }: Style): string {
  const moment = new Date(startSeconds * 1_000).toISOString();
  const whole = `trace ${id}  ${moment}`;
  return widthOf(whole) <= width ? whole : cut(`trace ${id}  ${moment.slice(11)}`, width, glyphs);
}

/** What a trace was, and how long it took. */
export function describeTrace(trace: Trace): { readonly text: string; readonly time: string } {
  const entry = trace.entry;
  const http = [...trace.segments].find(({ http: each }) => each?.url !== undefined)?.http;
  const asked = [http?.status, http?.method, http?.url].filter((part) => part !== undefined).join(" ");
  const text = [entry?.node.name, asked].filter((part) => (part ?? "") !== "").join("  ");
  return { text, time: duration((trace.endSeconds - trace.startSeconds) * 1_000) };
}
