import type { WireTraceSummary } from "../../api/wire.ts";
import type { Palette } from "../map/palette.ts";
import type { Size } from "../map/viewport.ts";
import { formatDuration, formatTime } from "../ui/format.ts";
import { statePaths } from "../ui/icon-paths.ts";
import { type PlotScale, plotLeft } from "./plot-scale.ts";
import { traceState } from "./summary-words.ts";

export interface PlotScene {
  readonly traces: readonly WireTraceSummary[];
  readonly scale: PlotScale;
  readonly size: Size;
  readonly ratio: number;
  readonly palette: Palette;
  readonly hovered: WireTraceSummary | undefined;
  /** What is being dragged over. */
  readonly box: Brush | undefined;
}

/** Two corners of a rectangle. */
export interface Brush {
  readonly from: { readonly x: number; readonly y: number };
  readonly to: { readonly x: number; readonly y: number };
}

/** Draws each trace by when it began and how long it took, in the shape and colour of how it went. */
export function drawPlot(context: CanvasRenderingContext2D, scene: PlotScene): void {
  const { traces, scale, size, ratio, palette, hovered, box } = scene;
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  context.clearRect(0, 0, size.width, size.height);
  context.font = `10.5px ${palette.face}`;
  context.textBaseline = "middle";
  context.textAlign = "right";
  for (const mark of scale.marks) {
    const y = Math.round(scale.y(mark)) + 0.5;
    context.fillStyle = palette.line;
    context.fillRect(plotLeft, y, size.width - plotLeft, 1);
    context.fillStyle = palette.muted;
    context.fillText(formatDuration(mark), plotLeft - 6, y);
  }
  // What went wrong on top of what went well.
  const inOrder = traces.toSorted((a, b) => Number(traceState(a) !== "ok") - Number(traceState(b) !== "ok"));
  for (const trace of inOrder) {
    const state = traceState(trace);
    const isMeant = trace === hovered;
    const half = state === "ok" ? (isMeant ? 6 : 4.5) : isMeant ? 7 : 5;
    context.save();
    context.translate(scale.x(trace.StartTime) - half, scale.y(trace.Duration) - half);
    context.scale(half / 8, half / 8);
    context.globalAlpha = state === "ok" && !isMeant ? 0.6 : 1;
    context.fillStyle = state === "ok" ? palette.accent : palette.states[state];
    context.fill(new Path2D(statePaths[state]));
    context.restore();
  }
  if (box !== undefined) drawBrush(context, box, palette);
  else if (hovered !== undefined) drawHint(context, hovered, scene);
}

function drawBrush(context: CanvasRenderingContext2D, { from, to }: Brush, palette: Palette): void {
  context.globalAlpha = 0.15;
  context.fillStyle = palette.accent;
  context.fillRect(from.x, from.y, to.x - from.x, to.y - from.y);
  context.globalAlpha = 1;
  context.strokeStyle = palette.accent;
  context.strokeRect(from.x, from.y, to.x - from.x, to.y - from.y);
}

function drawHint(
  context: CanvasRenderingContext2D,
  trace: WireTraceSummary,
  { scale, size, palette }: PlotScene,
): void {
  const text = `${formatDuration(trace.Duration)} at ${formatTime(trace.StartTime)}`;
  context.font = `11px ${palette.face}`;
  const width = context.measureText(text).width + 14;
  const x = Math.min(size.width - width - 2, scale.x(trace.StartTime) + 10);
  const y = Math.max(2, Math.min(size.height - 22, scale.y(trace.Duration) - 10));
  context.fillStyle = palette.surface;
  context.strokeStyle = palette.lineStrong;
  context.beginPath();
  context.roundRect(x, y, width, 20, 5);
  context.fill();
  context.stroke();
  context.textAlign = "left";
  context.fillStyle = palette.text;
  context.fillText(text, x + 7, y + 10.5);
}
