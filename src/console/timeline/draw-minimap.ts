import { labelOf, rowState } from "../../analysis/row-facts.ts";
import { endOf } from "../../analysis/self-time.ts";
import { type SpanColumns, spanFlag } from "../../analysis/span-columns.ts";
import type { Paints } from "./service-paints.ts";

/** More lines would be drawn on top of each other. */
const mostLines = 3_000;

export interface MinimapOptions {
  readonly trace: SpanColumns;
  readonly untilSeconds: number;
  readonly paints: Paints;
  readonly width: number;
  readonly height: number;
}

/** A whole trace on a few pixels: each row a line in its service's colour, failures on top. */
export function drawMinimap(context: CanvasRenderingContext2D, options: MinimapOptions): void {
  const { trace, untilSeconds, paints, width, height } = options;
  const scale = width / Math.max(untilSeconds - trace.startSeconds, Number.EPSILON);
  const thickness = Math.max(1, Math.min(4, height / Math.max(1, trace.count) - 1));
  const line = (row: number, colour: string, thick: number): void => {
    const start = trace.starts[row]!;
    const isRunning = (trace.flags[row]! & spanFlag.inProgress) !== 0;
    const end = isRunning ? untilSeconds : endOf(trace, row);
    const top = 1 + (row / Math.max(1, trace.count)) * (height - thickness - 2);
    context.fillStyle = colour;
    context.fillRect((start - trace.startSeconds) * scale, top, Math.max(1, (end - start) * scale), thick);
  };
  const step = Math.max(1, Math.ceil(trace.count / mostLines));
  context.globalAlpha = 0.75;
  for (let row = 0; row < trace.count; row += step) {
    line(row, paints.services[labelOf(trace, row).service]!, thickness);
  }
  context.globalAlpha = 1;
  const failed = spanFlag.fault | spanFlag.error | spanFlag.throttle;
  for (let row = 0, drawn = 0; row < trace.count && drawn < mostLines; row += 1) {
    if ((trace.flags[row]! & failed) === 0) continue;
    drawn += 1;
    const state = rowState(trace, row);
    if (state !== "ok") line(row, paints[state], Math.max(2, thickness));
  }
}
