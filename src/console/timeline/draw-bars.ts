import type { RepeatedCalls } from "../../analysis/repeated-calls.ts";
import { has, labelOf, rowState } from "../../analysis/row-facts.ts";
import { endOf } from "../../analysis/self-time.ts";
import { type SpanColumns, spanFlag } from "../../analysis/span-columns.ts";
import type { PathOfRows } from "./path-of-rows.ts";
import type { Paints } from "./service-paints.ts";
import type { Zoom } from "./zoom.ts";

/** A line to draw: its entry, and where its row begins on the canvas. */
interface BarLine {
  readonly entry: number;
  readonly top: number;
  /** Something below it is folded away, and only its line tells of it. */
  readonly isFolded: boolean;
  /** It only stands above what passes a filter. */
  readonly isFaint: boolean;
}

export interface BarsOptions {
  readonly trace: SpanColumns;
  readonly groups: readonly RepeatedCalls[];
  readonly lines: readonly BarLine[];
  readonly zoom: Zoom;
  /** Where work in progress is drawn to. */
  readonly untilSeconds: number;
  readonly path: PathOfRows | undefined;
  readonly paints: Paints;
  /** In pixels of the page. */
  readonly width: number;
}

const barTop = 6;
const barHeight = 11;
/** The critical path is a line below the bar. */
const pathTop = 18;
const pathHeight = 3;

/**
 * The bars of a waterfall: a row's own work solid, its waiting for what is below it light, work in progress hatched, what
 * only its caller tells of with an outline. Failures end in their colour; a thin line shows work that goes on after its
 * row has ended.
 */
export function drawBars(context: CanvasRenderingContext2D, options: BarsOptions): void {
  const { trace, groups, lines, zoom, untilSeconds, path, paints, width } = options;
  const whole = Math.max(untilSeconds - trace.startSeconds, Number.EPSILON);
  const from = trace.startSeconds + zoom.from * whole;
  const scale = width / ((zoom.to - zoom.from) * whole);
  const x = (seconds: number): number => (seconds - from) * scale;
  /** A box between two moments, cut to what is seen, at least so wide that it is seen. */
  const box = (start: number, end: number, top: number, height: number): void => {
    const left = Math.max(-2, x(start));
    const right = Math.min(width + 2, Math.max(x(end), x(start) + 1.5));
    if (right > left && right > -1 && left < width + 1) context.fillRect(left, top, right - left, height);
  };

  const bar = (row: number, top: number): void => {
    const start = trace.starts[row]!;
    const isRunning = has(trace, row, spanFlag.inProgress);
    const end = isRunning ? Math.max(start, untilSeconds) : endOf(trace, row);
    const colour = paints.services[labelOf(trace, row).service]!;
    context.fillStyle = isRunning ? hatch(context, colour, paints.surface) : colour;
    const isOutline = has(trace, row, spanFlag.inferred);
    context.globalAlpha *= isRunning ? 0.85 : 0.34;
    box(start, end, top + barTop, barHeight);
    context.globalAlpha /= isRunning ? 0.85 : 0.34;
    if (isOutline) outline(row, start, end, top, colour);
    else if (!isRunning) solidParts(row, start, end, top);
    const state = rowState(trace, row);
    if (state !== "ok") {
      context.fillStyle = paints[state];
      const right = Math.max(x(end), x(start) + 1.5);
      if (right > 0 && right < width + 4) context.fillRect(right - 1, top + barTop - 1, 3.5, barHeight + 2);
    }
  };
  const outline = (_row: number, start: number, end: number, top: number, colour: string): void => {
    const left = Math.max(-2, x(start)) + 0.5;
    const right = Math.min(width + 2, Math.max(x(end), x(start) + 2)) - 0.5;
    if (right <= left || left > width) return;
    context.strokeStyle = colour;
    context.strokeRect(left, top + barTop + 0.5, right - left, barHeight - 1);
  };
  /** Where nothing below the row is at work. */
  const solidParts = (row: number, start: number, end: number, top: number): void => {
    let covered = start;
    const last = row + trace.sizes[row]!;
    for (let child = row + 1; child < last; child += trace.sizes[child]!) {
      const childStart = Math.min(trace.starts[child]!, end);
      if (childStart > covered && (childStart - covered) * scale >= 0.25)
        box(covered, childStart, top + barTop, barHeight);
      const isRunning = has(trace, child, spanFlag.inProgress);
      covered = Math.max(covered, Math.min(end, isRunning ? untilSeconds : endOf(trace, child)));
    }
    if (end > covered || last === row + 1) box(covered, end, top + barTop, barHeight);
  };

  context.lineWidth = 1;
  for (const { entry, top, isFolded, isFaint } of lines) {
    context.globalAlpha = isFaint ? 0.4 : 1;
    if (entry < 0) {
      for (const row of groups[-1 - entry]!.rows) bar(row, top);
    } else {
      bar(entry, top);
      const [end, lastEnd] = [endOf(trace, entry), trace.lastEnds[entry]!];
      if ((lastEnd - end) * scale > 1.5) {
        context.fillStyle = paints.services[labelOf(trace, entry).service]!;
        box(end, lastEnd, top + barTop + 5, 1.5);
        box(lastEnd, lastEnd, top + barTop + 2, barHeight - 4);
      }
    }
    if (path === undefined) continue;
    context.globalAlpha = 1;
    context.fillStyle = paints.text;
    const rows = entry < 0 ? groups[-1 - entry]!.rows : [entry];
    for (const row of rows) drawPath(row, top);
    if (entry >= 0 && isFolded)
      for (let row = entry + 1; row < entry + trace.sizes[entry]!; row += 1) drawPath(row, top);
  }
  function drawPath(row: number, top: number): void {
    const stretches = path!.of(row);
    for (let at = 0; at < stretches.length; at += 2) box(stretches[at]!, stretches[at + 1]!, top + pathTop, pathHeight);
  }
}

/** Slanting stripes: work that has not ended. */
function hatch(context: CanvasRenderingContext2D, colour: string, ground: string): CanvasPattern | string {
  const tile = new OffscreenCanvas(8, 8);
  const paint = tile.getContext("2d");
  if (paint === null) return colour;
  paint.fillStyle = ground;
  paint.fillRect(0, 0, 8, 8);
  paint.strokeStyle = colour;
  paint.lineWidth = 3;
  for (const shift of [-8, 0, 8]) {
    paint.beginPath();
    paint.moveTo(shift, 8);
    paint.lineTo(shift + 8, 0);
    paint.stroke();
  }
  return context.createPattern(tile, "repeat") ?? colour;
}
