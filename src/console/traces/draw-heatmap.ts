import { type Heatmap, heatRows } from "../../analysis/heatmap.ts";
import { mix, type Palette } from "../map/palette.ts";
import type { Size } from "../map/viewport.ts";
import { formatDay, formatDuration, formatTime } from "../ui/format.ts";
import type { HeatBox } from "./heat-box.ts";
import { type HeatScale, markY, plotBelow, plotLeft, timeMarks } from "./heat-scale.ts";

export interface HeatScene {
  readonly heatmap: Heatmap;
  readonly scale: HeatScale;
  readonly size: Size;
  readonly ratio: number;
  readonly palette: Palette;
  /** What is pointed at or chosen. */
  readonly box: HeatBox | undefined;
}

/** Draws how many traces began when and took how long; what failed lies over it in its own colour and shape. */
export function drawHeatmap(context: CanvasRenderingContext2D, scene: HeatScene): void {
  const { heatmap, size, ratio, palette, box } = scene;
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  context.clearRect(0, 0, size.width, size.height);
  context.font = `10.5px ${palette.face}`;
  context.textBaseline = "middle";
  drawAxes(context, scene);
  const most = heatmap.cells.reduce((largest, [, traces]) => Math.max(largest, traces), 1);
  for (const cell of heatmap.cells) drawCell(context, cell, most, scene);
  if (box !== undefined) drawBox(context, box, scene);
}

function drawAxes(context: CanvasRenderingContext2D, { heatmap, scale, size, palette }: HeatScene): void {
  context.textAlign = "right";
  for (const mark of scale.marks) {
    const y = Math.round(markY(scale, mark)) + 0.5;
    context.fillStyle = palette.line;
    context.fillRect(plotLeft, y, size.width - plotLeft - 8, 1);
    context.fillStyle = palette.muted;
    context.fillText(formatDuration(mark), plotLeft - 6, y);
  }
  const floor = size.height - plotBelow;
  context.fillStyle = palette.lineStrong;
  context.fillRect(plotLeft, floor, size.width - plotLeft - 8, 1);
  context.textAlign = "center";
  const span = heatmap.columnSeconds * heatmap.columns;
  for (const at of timeMarks(heatmap, size.width)) {
    const x = scale.x((at - heatmap.startSeconds) / heatmap.columnSeconds);
    context.fillStyle = palette.lineStrong;
    context.fillRect(Math.round(x), floor, 1, 4);
    context.fillStyle = palette.muted;
    const day = formatDay(at, Date.now() / 1000).replace(/ \d{4}$/, "");
    const time = formatTime(at).slice(0, span > 600 ? 5 : 8);
    const text = span > 2 * 86_400 ? day || time : time;
    const half = context.measureText(text).width / 2;
    // Not over the edge, where half of it would be missing.
    context.fillText(text, Math.min(size.width - half - 2, Math.max(plotLeft + half, x)), floor + 11);
  }
}

function drawCell(
  context: CanvasRenderingContext2D,
  [place, traces, faults, errors, throttles]: Heatmap["cells"][number],
  most: number,
  { scale, palette }: HeatScene,
): void {
  const column = Math.floor(place / heatRows);
  const row = place % heatRows;
  const x = scale.x(column);
  const y = scale.y(row);
  const width = Math.max(1, scale.x(column + 1) - x - 0.5);
  const height = Math.max(1, scale.y(row - 1) - y - 0.5);
  // One trace must be seen beside a thousand.
  const weight = 0.25 + 0.75 * (Math.log1p(traces) / Math.log1p(Math.max(most, 8)));
  context.fillStyle = mix(palette.scale[0], palette.scale[1], weight);
  context.fillRect(x, y, width, height);
  const failing = faults + errors + throttles;
  if (failing === 0) return;
  // As wide as their share, from the right, so that the cell below is still seen; never too thin to be seen.
  const state = faults > 0 ? "fault" : errors > 0 ? "error" : "throttle";
  const part = Math.max(Math.min(width, 2.5), (width * failing) / traces);
  context.fillStyle = palette.states[state];
  if (state === "fault") context.fillRect(x + width - part, y, part, height);
  else context.fillRect(x + width - part, y + height * 0.4, part, height * 0.6);
}

function drawBox(context: CanvasRenderingContext2D, box: HeatBox, { scale, palette }: HeatScene): void {
  const x = scale.x(box.fromColumn);
  const y = scale.y(Math.min(scale.highRow, box.toRow));
  const width = scale.x(box.toColumn + 1) - x;
  const height = scale.y(Math.max(scale.lowRow, box.fromRow) - 1) - y;
  context.globalAlpha = 0.14;
  context.fillStyle = palette.accent;
  context.fillRect(x, y, width, height);
  context.globalAlpha = 1;
  context.strokeStyle = palette.accent;
  context.lineWidth = 1.5;
  context.strokeRect(x, y, width, height);
  context.lineWidth = 1;
}
