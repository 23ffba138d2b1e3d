import { formatShare, plural } from "../ui/format.ts";
import { states } from "../ui/health-states.ts";
import { iconPaths, type State, statePaths } from "../ui/icon-paths.ts";
import type { MapScene } from "./draw-map.ts";
import type { Figures } from "./figures.ts";
import { frequency, onScale, speed, worstState } from "./health.ts";
import type { Point } from "./map-layout.ts";
import type { MapNode } from "./map-view.ts";
import { nodeBox } from "./node-box.ts";
import { typeLabel } from "./node-kind.ts";
import { mix, type Palette } from "./palette.ts";
import { type Pen, pathOf } from "./pen.ts";
import type { Box } from "./viewport.ts";

export interface NodePicture {
  readonly node: MapNode;
  readonly place: Point;
  readonly isDim: boolean;
  readonly scene: MapScene;
}

const stripWidth = 6;
const farStripWidth = 14;
const radius = 9;
/** From here on down the figures are too small to read: the name takes their room. */
const farScale = 0.55;

/** From here on down nothing can be read at all: what would be written costs time for nothing. */
const speckScale = 0.16;

/** A card: a strip of its health, its name and type, and how fast, how often and how well it answers. */
export function drawNode(context: Pen, picture: NodePicture): void {
  const { node, place, isDim, scene } = picture;
  const box = nodeBox(node, place);
  context.globalAlpha = isDim ? 0.3 : 1;
  const isMeant = node.key === scene.selected || node.key === scene.hovered || node.key === scene.focused;
  if (scene.viewport.scale < speckScale && !isMeant) {
    drawSpeck(context, box, picture);
    context.globalAlpha = 1;
    return;
  }
  drawCard(context, box, picture);
  if (node.figures !== undefined) drawStrip(context, box, node.figures, picture);
  if (scene.viewport.scale < farScale) drawFarName(context, box, picture);
  else if (node.kind === "client") drawClient(context, box, picture);
  else drawTexts(context, box, picture);
  context.globalAlpha = 1;
}

/** A card from so far away that it is its ground and the colour of its strip. */
function drawSpeck(context: Pen, box: Box, { node, scene }: NodePicture): void {
  const { palette } = scene;
  const { left, top, right, bottom } = box;
  context.fillStyle = palette.lineStrong;
  context.fillRect(left, top, right - left, bottom - top);
  const edge = 6;
  context.fillStyle = node.isInferred ? palette.sunken : palette.surface;
  context.fillRect(left + edge, top + edge, right - left - 2 * edge, bottom - top - 2 * edge);
  if (node.figures !== undefined) paintStrip(context, box, node.figures, 2 * farStripWidth, scene);
}

function drawCard(context: Pen, box: Box, { node, scene }: NodePicture): void {
  const { palette, selected, hovered, focused, pulse } = scene;
  const isPill = node.kind === "client";
  if (node.members !== undefined) drawPile(context, box, palette);
  outline(context, box, isPill);
  context.fillStyle = node.isInferred ? palette.sunken : palette.surface;
  context.fill();
  if (pulse < 1 && node.change === "new") {
    context.strokeStyle = palette.accent;
    context.lineWidth = 5;
    const alpha = context.globalAlpha;
    context.globalAlpha = alpha * 0.35 * (1 - pulse);
    context.stroke();
    context.globalAlpha = alpha;
  }
  const isMeant = node.key === selected || node.key === hovered;
  context.strokeStyle = isMeant ? palette.accent : palette.lineStrong;
  context.lineWidth = node.key === selected ? 2.5 : 1.25;
  context.setLineDash(node.isInferred ? [4, 3] : []);
  context.stroke();
  context.setLineDash([]);
  if (node.key !== focused) return;
  const away = 4;
  outline(
    context,
    { left: box.left - away, top: box.top - away, right: box.right + away, bottom: box.bottom + away },
    isPill,
  );
  context.strokeStyle = palette.focus;
  context.lineWidth = 2.5;
  context.stroke();
}

/** A closed group looks like cards that lie on each other. */
function drawPile(context: Pen, box: Box, palette: Palette): void {
  context.fillStyle = palette.sunken;
  context.strokeStyle = palette.lineStrong;
  context.lineWidth = 1;
  for (const step of [8, 4]) {
    outline(
      context,
      { left: box.left + step, right: box.right + step, top: box.top + step, bottom: box.bottom + step },
      false,
    );
    context.fill();
    context.stroke();
  }
}

function outline(context: Pen, { left, top, right, bottom }: Box, isPill: boolean): void {
  context.beginPath();
  context.roundRect(left, top, right - left, bottom - top, isPill ? (bottom - top) / 2 : radius);
}

function drawStrip(context: Pen, box: Box, figures: Figures, { scene }: NodePicture): void {
  context.save();
  outline(context, box, false);
  context.clip();
  paintStrip(context, box, figures, scene.viewport.scale < farScale ? farStripWidth : stripWidth, scene);
  context.restore();
}

/** What share of the calls went how, or the colour of the figure that the map is coloured by. */
function paintStrip(context: Pen, box: Box, figures: Figures, width: number, { palette, scale }: MapScene): void {
  const height = box.bottom - box.top;
  if (scale !== undefined) {
    const value = scale.figureOf(figures);
    context.fillStyle = value === undefined ? palette.line : mix(...palette.scale, onScale(scale, value));
    context.fillRect(box.left, box.top, width, height);
    return;
  }
  let top = box.top;
  for (const [state, share] of stripParts(figures)) {
    context.fillStyle = palette.states[state];
    context.fillRect(box.left, top, width, share * height + 0.5);
    top += share * height;
  }
}

/** The worst on top; a share that is there can be seen, however small. */
function stripParts(figures: Figures): [State, number][] {
  if (figures.total === 0) return [];
  const parts = states
    .toReversed()
    .map((state): [State, number] => [
      state,
      figures[state] === 0 ? 0 : Math.max(0.06, figures[state] / figures.total),
    ]);
  const sum = parts.reduce((total, [, share]) => total + share, 0);
  return parts.map(([state, share]) => [state, share / sum]);
}

/** How high calls over time stand at the foot of a card, behind its figures. */
const sparkHeight = 15;
/** Fewer steps with calls are a blot, not a line. */
const fewestSteps = 3;

function drawSpark(context: Pen, box: Box, shares: readonly number[], { isDim, scene }: NodePicture): void {
  const left = box.left + stripWidth + 1;
  // Short of the round corner.
  const step = (box.right - radius - left) / shares.length;
  const foot = box.bottom - 1;
  context.beginPath();
  context.moveTo(left, foot);
  shares.forEach((share, at) => {
    const y = foot - share * sparkHeight;
    context.lineTo(left + at * step, y);
    context.lineTo(left + (at + 1) * step, y);
  });
  context.lineTo(left + shares.length * step, foot);
  context.fillStyle = scene.palette.accent;
  const alpha = isDim ? 0.3 : 1;
  context.globalAlpha = alpha * 0.15;
  context.fill();
  context.globalAlpha = alpha;
}

function drawTexts(context: Pen, box: Box, picture: NodePicture): void {
  const { node, scene } = picture;
  const { palette } = scene;
  const spark = scene.sparks?.get(node.key);
  if (spark !== undefined && spark.filter((share) => share > 0).length >= fewestSteps)
    drawSpark(context, box, spark, picture);
  const left = box.left + stripWidth + 10;
  drawIcon(context, iconPaths[node.kind === "table" ? "table" : node.kind], left, box.top + 13, 15, palette.muted);
  context.textAlign = "left";
  context.textBaseline = "alphabetic";
  const textLeft = left + 23;
  const room = box.right - textLeft - 10;
  write(context, node.id.name, { x: textLeft, y: box.top + 22 }, `600 13px ${palette.face}`, palette.text, room);
  write(context, subtitle(node), { x: textLeft, y: box.top + 37 }, `11px ${palette.face}`, palette.muted, room);
  if (node.figures !== undefined) drawFigures(context, node.figures, left, box, picture);
}

/** What stands below the name. */
function subtitle({ id, part, members }: MapNode): string {
  if (members !== undefined) return plural(members, "service");
  return part ?? typeLabel(id);
}

function drawFigures(context: Pen, figures: Figures, left: number, box: Box, { node, scene }: NodePicture): void {
  const { palette, percentile } = scene;
  const y = box.bottom - 12;
  const font = `11.5px ${palette.face}`;
  if (figures.total === 0) {
    write(context, node.isIdle ? "no calls" : "in progress", { x: left, y }, font, palette.muted, box.right - left);
    return;
  }
  const { state, share } = worstState(figures);
  const verdict = state === "ok" ? "ok" : formatShare(share, 1);
  context.font = font;
  const verdictWidth = context.measureText(verdict).width;
  const right = box.right - 11;
  write(
    context,
    `${speed(figures, percentile)} · ${frequency(figures)}`,
    { x: left, y },
    font,
    palette.text,
    right - left - verdictWidth - 22,
  );
  write(context, verdict, { x: right - verdictWidth, y }, font, palette.stateTexts[state], verdictWidth + 1);
  context.fillStyle = palette.states[state];
  fillPath(context, statePaths[state], right - verdictWidth - 13, y - 8.5, 10);
}

function drawClient(context: Pen, box: Box, { node, scene }: NodePicture): void {
  const { palette } = scene;
  const middle = (box.top + box.bottom) / 2;
  drawIcon(context, iconPaths.client, box.left + 15, middle - 8, 16, palette.muted);
  context.textAlign = "left";
  const room = box.right - box.left - 58;
  write(context, "Client", { x: box.left + 40, y: middle - 1 }, `600 12.5px ${palette.face}`, palette.text, room);
  write(
    context,
    `of ${node.id.name}`,
    { x: box.left + 40, y: middle + 13 },
    `11px ${palette.face}`,
    palette.muted,
    room,
  );
}

function drawFarName(context: Pen, box: Box, { node, scene }: NodePicture): void {
  const { palette, viewport } = scene;
  const size = Math.min(30, 11.5 / viewport.scale);
  const left = box.left + (node.kind === "client" ? 12 : farStripWidth + 8);
  context.textAlign = "left";
  const y = (box.top + box.bottom) / 2 + size * 0.35;
  const name = node.kind === "client" ? "Client" : node.id.name;
  write(context, name, { x: left, y }, `600 ${size}px ${palette.face}`, palette.text, box.right - left - 8);
}

/** Writes a text, cut where its room ends; which is measured once for each. */
export function write(context: Pen, text: string, at: Point, font: string, colour: string, room: number): void {
  context.font = font;
  context.fillStyle = colour;
  context.fillText(fitText(context, text, font, room), at.x, at.y);
}

const fitted = new Map<string, string>();
const mostFitted = 4_000;

function fitText(context: Pen, text: string, font: string, room: number): string {
  const key = `${font}|${Math.round(room)}|${text}`;
  const known = fitted.get(key);
  if (known !== undefined) return known;
  let shown = text;
  if (context.measureText(text).width > room) {
    let [low, high] = [0, text.length];
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (context.measureText(`${text.slice(0, middle)}…`).width <= room) low = middle;
      else high = middle - 1;
    }
    shown = `${text.slice(0, low).trimEnd()}…`;
  }
  if (fitted.size >= mostFitted) fitted.clear();
  fitted.set(key, shown);
  return shown;
}

/** Draws one of the page's icons. */
export function drawIcon(context: Pen, path: string, x: number, y: number, size: number, colour: string): void {
  context.save();
  context.translate(x, y);
  context.scale(size / 16, size / 16);
  context.strokeStyle = colour;
  context.lineWidth = 1.3;
  context.lineCap = "round";
  context.lineJoin = "round";
  context.stroke(pathOf(path));
  context.restore();
}

function fillPath(context: Pen, path: string, x: number, y: number, size: number): void {
  context.save();
  context.translate(x, y);
  context.scale(size / 16, size / 16);
  context.fill(pathOf(path));
  context.restore();
}
