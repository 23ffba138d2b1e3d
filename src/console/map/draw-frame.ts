import { plural } from "../ui/format.ts";
import { iconPaths } from "../ui/icon-paths.ts";
import type { MapScene } from "./draw-map.ts";
import { drawIcon, write } from "./draw-node.ts";
import type { MapGroup } from "./map-view.ts";
import type { Pen } from "./pen.ts";
import type { Box } from "./viewport.ts";

/** Height of a frame's upper edge, where its name stands and a click closes it. */
export const frameTitleHeight = 34;

/** The frame around the services of an open group. */
export function drawFrame(pen: Pen, { group, box, scene }: { group: MapGroup; box: Box; scene: MapScene }): void {
  const { palette, viewport, hovered } = scene;
  pen.beginPath();
  pen.roundRect(box.left, box.top, box.right - box.left, box.bottom - box.top, 14);
  pen.fillStyle = palette.sunken;
  pen.globalAlpha = 0.75;
  pen.fill();
  pen.globalAlpha = 1;
  pen.strokeStyle = hovered === group.key ? palette.accent : palette.lineStrong;
  pen.lineWidth = 1;
  pen.stroke();
  // From far away a name that keeps its size would not fit.
  const size = Math.min(26, Math.max(13, 11 / viewport.scale));
  const room = box.right - box.left - 52;
  drawIcon(pen, iconPaths.fold, box.left + 14, box.top + 11, 14, palette.muted);
  pen.textAlign = "left";
  pen.textBaseline = "alphabetic";
  const text = `${group.label} · ${plural(group.members.length, "service")}`;
  write(
    pen,
    text,
    { x: box.left + 36, y: box.top + 12 + size * 0.8 },
    `600 ${size}px ${palette.face}`,
    palette.muted,
    room,
  );
}
