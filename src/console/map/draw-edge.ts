import { formatDuration, formatShare } from "../ui/format.ts";
import type { MapScene } from "./draw-map.ts";
import { frequency, onScale, speed, worstState } from "./health.ts";
import type { Percentile } from "./map-choices.ts";
import type { Point, Route } from "./map-layout.ts";
import type { MapEdge } from "./map-view.ts";
import { mix } from "./palette.ts";
import type { Pen } from "./pen.ts";
import { pointAlong } from "./route-points.ts";
import { type Box, touches } from "./viewport.ts";

export interface EdgePicture {
  readonly edge: MapEdge;
  readonly route: Route;
  /** The rate of the busiest edge of the map. */
  readonly busiest: number;
  /** Something else is selected. */
  readonly isDim: boolean;
  readonly scene: MapScene;
}

/** A curve that is thicker the more calls it stands for, and the redder the more of them went wrong. */
export function drawEdge(context: Pen, { edge, route, busiest, isDim, scene }: EdgePicture): void {
  const { palette, hovered, selected, pulse } = scene;
  const isMeant = edge.key === hovered || edge.key === selected;
  const colour = isMeant ? palette.accent : edgeColour(edge, scene);
  // From far away an edge is still a line that can be seen.
  const width = Math.max(edgeWidth(edge, busiest) + (isMeant ? 1 : 0), 1.1 / scene.viewport.scale);
  context.globalAlpha = isDim ? 0.25 : 1;
  context.strokeStyle = colour;
  context.lineWidth = width;
  context.lineCap = "butt";
  const headLength = 6 + width * 1.6;
  trace(context, route, headLength * 0.8);
  context.setLineDash(edge.isLink ? [7, 5] : []);
  context.stroke();
  context.setLineDash([]);
  drawHead(context, route, headLength, colour);
  if (pulse < 1 && edge.change !== "same" && !isDim) {
    const { x, y } = pointAlong(route, pulse);
    context.globalAlpha = Math.min(1, 4 * (1 - pulse));
    context.fillStyle = palette.accent;
    context.beginPath();
    context.arc(x, y, width / 2 + 2, 0, Math.PI * 2);
    context.fill();
  }
  context.globalAlpha = 1;
}

export interface EdgeLabel {
  readonly edge: MapEdge;
  readonly route: Route;
  /** All there is to say, not only how long calls take. */
  readonly isLong: boolean;
  readonly scene: MapScene;
  /** Where labels stand already; this one is added. */
  readonly taken: Box[];
}

/** Places along an edge that a label may take, the best first. */
const labelPlaces = [0.5, 0.4, 0.6, 0.3, 0.7];

/**
 * A small sign in the middle of an edge, or beside it where another stands in its way. It keeps its size when the map is
 * far away.
 */
export function drawEdgeLabel(context: Pen, label: EdgeLabel): void {
  const { edge, route, isLong, scene, taken } = label;
  const { palette, viewport, percentile } = scene;
  const unit = Math.max(1, 0.85 / viewport.scale);
  context.font = `${11 * unit}px ${palette.face}`;
  const text = isLong ? longText(edge, percentile) : formatDuration(edge.figures[percentile]);
  const width = context.measureText(text).width + 12 * unit;
  const height = 18 * unit;
  const boxes = labelPlaces.map((along): Box => {
    const { x, y } = pointAlong(route, along);
    return { left: x - width / 2, top: y - height / 2, right: x + width / 2, bottom: y + height / 2 };
  });
  const free = boxes.find((box) => !taken.some((other) => touches(box, other)));
  // What is pointed at is told in any case; of the rest, one label less is better than two that cover each other.
  const box = free ?? (isLong ? boxes[0]! : undefined);
  if (box === undefined) return;
  taken.push(box);
  context.fillStyle = palette.surface;
  context.strokeStyle = isLong ? palette.accent : palette.line;
  context.lineWidth = unit;
  context.beginPath();
  context.roundRect(box.left, box.top, width, height, height / 2);
  context.fill();
  context.stroke();
  context.fillStyle = isLong ? palette.text : palette.muted;
  context.textAlign = "center";
  context.textBaseline = "middle";
  context.fillText(text, (box.left + box.right) / 2, (box.top + box.bottom) / 2 + unit);
}

function longText({ figures, isLink }: MapEdge, percentile: Percentile): string {
  const wrong = (["fault", "throttle", "error"] as const)
    .filter((state) => figures[state] > 0)
    .map((state) => ` · ${formatShare(figures[state], figures.total)} ${state}s`)
    .join("");
  const median = figures.total === 1 || percentile === "p50" ? "" : `p50 ${formatDuration(figures.p50)} · `;
  return `${isLink ? "link · " : ""}${median}${speed(figures, percentile)} · ${frequency(figures)}${wrong}`;
}

function edgeColour({ figures }: MapEdge, { palette, colour, scale }: MapScene): string {
  const value = scale?.figureOf(figures);
  if (scale !== undefined && value !== undefined && colour !== "health") {
    // A light line would hardly be seen: the scale's lower end is drawn as other lines are.
    return mix(palette.lineStrong, palette.scale[1], onScale(scale, value));
  }
  const { state, share } = worstState(figures);
  // Even a few faults are worth seeing.
  return state === "ok" ? palette.lineStrong : mix(palette.lineStrong, palette.states[state], 0.35 + share * 1.3);
}

function edgeWidth({ figures }: MapEdge, busiest: number): number {
  return busiest === 0 ? 1.5 : 1.5 + 3 * Math.sqrt(figures.perSecond / busiest);
}

/** The curve without its end, which is the arrow's. */
function trace(context: Pen, route: Route, shorter: number): void {
  context.beginPath();
  context.moveTo(route[0]!.x, route[0]!.y);
  for (let index = 1; index + 2 < route.length; index += 3) {
    const [a, b, end] = [route[index]!, route[index + 1]!, route[index + 2]!];
    const isLast = index + 3 >= route.length;
    const { x, y } = isLast ? before(end, b, shorter) : end;
    context.bezierCurveTo(a.x, a.y, b.x, b.y, x, y);
  }
}

function before(tip: Point, handle: Point, distance: number): Point {
  const length = Math.hypot(tip.x - handle.x, tip.y - handle.y) || 1;
  return {
    x: tip.x - ((tip.x - handle.x) * distance) / length,
    y: tip.y - ((tip.y - handle.y) * distance) / length,
  };
}

function drawHead(context: Pen, route: Route, length: number, colour: string): void {
  const tip = route.at(-1)!;
  const handle = route.at(-2)!;
  const angle = Math.atan2(tip.y - handle.y, tip.x - handle.x);
  const spread = 0.4;
  context.fillStyle = colour;
  context.beginPath();
  context.moveTo(tip.x, tip.y);
  context.lineTo(tip.x - length * Math.cos(angle - spread), tip.y - length * Math.sin(angle - spread));
  context.lineTo(tip.x - length * Math.cos(angle + spread), tip.y - length * Math.sin(angle + spread));
  context.fill();
}
