import { labelOf, rowState } from "../../analysis/row-facts.ts";
import { endOf } from "../../analysis/self-time.ts";
import { type SpanColumns, spanFlag } from "../../analysis/span-columns.ts";
import type { Flame } from "./lay-flame.ts";
import type { Paints } from "./service-paints.ts";
import type { Zoom } from "./zoom.ts";

/** Pixels from one lane to the next. */
export const laneHeight = 20;

export interface FlameOptions {
  readonly trace: SpanColumns;
  readonly flame: Flame;
  readonly zoom: Zoom;
  readonly untilSeconds: number;
  readonly paints: Paints;
  readonly width: number;
  readonly height: number;
  /** How far it is scrolled down. */
  readonly scroll: number;
  readonly active: number;
  readonly matches: ReadonlySet<number>;
}

/** Draws the lanes that can be seen: a box for each row with its name, where there is room for it. */
export function drawFlame(context: CanvasRenderingContext2D, options: FlameOptions): void {
  const { trace, flame, paints, width, height, scroll, active, matches } = options;
  const x = scaleOf(options);
  context.font = `11px ${paints.face}`;
  context.textBaseline = "middle";
  for (let row = 0; row < trace.count; row += 1) {
    const top = flame.lanes[row]! * laneHeight - scroll;
    if (top > height || top < -laneHeight) continue;
    const left = x(trace.starts[row]!);
    const right = x((trace.flags[row]! & spanFlag.inProgress) !== 0 ? options.untilSeconds : endOf(trace, row));
    if (right < 0 || left > width) continue;
    const [from, to] = [Math.max(-2, left), Math.min(width + 2, Math.max(right, left + 1))];
    const { name, service } = labelOf(trace, row);
    const isDim = matches.size > 0 && !matches.has(row);
    context.globalAlpha = isDim ? 0.25 : 1;
    context.fillStyle = paints.services[service]!;
    context.fillRect(from, top + 1, Math.max(1, to - from - 1), laneHeight - 2);
    const state = rowState(trace, row);
    if (state !== "ok") {
      context.fillStyle = paints[state];
      context.fillRect(from, top + laneHeight - 4, Math.max(1, to - from - 1), 3);
    }
    if (to - from > 34) write(context, name, from + 5, top + laneHeight / 2, to - from - 10, paints.surface);
    if (row === active) {
      context.globalAlpha = 1;
      context.strokeStyle = paints.text;
      context.lineWidth = 2;
      context.strokeRect(from + 1, top + 2, Math.max(2, to - from - 3), laneHeight - 4);
    }
  }
  context.globalAlpha = 1;
}

/** The row at a place of the canvas; -1 where there is none. */
export function rowAt(
  options: Omit<FlameOptions, "paints" | "active" | "matches">,
  at: { x: number; y: number },
): number {
  const { trace, flame, scroll } = options;
  const lane = Math.floor((at.y + scroll) / laneHeight);
  const x = scaleOf(options);
  let found = -1;
  for (let row = 0; row < trace.count; row += 1) {
    if (flame.lanes[row] !== lane) continue;
    const left = x(trace.starts[row]!);
    const end = (trace.flags[row]! & spanFlag.inProgress) !== 0 ? options.untilSeconds : endOf(trace, row);
    if (at.x >= left - 1 && at.x <= Math.max(x(end), left + 2)) found = row;
  }
  return found;
}

function scaleOf({
  trace,
  zoom,
  untilSeconds,
  width,
}: Pick<FlameOptions, "trace" | "zoom" | "untilSeconds" | "width">) {
  const whole = Math.max(untilSeconds - trace.startSeconds, Number.EPSILON);
  const from = trace.startSeconds + zoom.from * whole;
  const scale = width / ((zoom.to - zoom.from) * whole);
  return (seconds: number): number => (seconds - from) * scale;
}

function write(
  context: CanvasRenderingContext2D,
  text: string,
  x: number,
  y: number,
  room: number,
  colour: string,
): void {
  context.fillStyle = colour;
  let shown = text.length > 80 ? text.slice(0, 80) : text;
  if (context.measureText(shown).width > room) {
    // Letters are about as wide as each other: one guess is near enough.
    const fits = Math.floor((room / context.measureText(shown).width) * shown.length) - 1;
    if (fits < 2) return;
    shown = `${shown.slice(0, fits)}…`;
  }
  context.fillText(shown, x, y, room);
}
