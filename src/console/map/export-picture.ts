import { drawScene, type MapScene } from "./draw-map.ts";
import { scaleOf } from "./health.ts";
import type { MapLayout } from "./map-layout.ts";
import type { Painting } from "./map-painter.ts";
import { mapBox } from "./node-box.ts";
import type { Palette } from "./palette.ts";
import { SvgPen } from "./svg-pen.ts";
import type { Box } from "./viewport.ts";

interface Picture {
  readonly painting: Painting;
  readonly layout: MapLayout;
  readonly palette: Palette;
}

/** Room around the map. */
const margin = 40;
/** Pixels for each of the map's, and the longest side that browsers draw without fail. */
const ratio = 2;
const longestSide = 8_192;

/** The whole map as SVG, as it looks on the page. */
export function drawSvg(picture: Picture): string {
  const box = boxOf(picture);
  const measuring = document.createElement("canvas").getContext("2d")!;
  const pen = new SvgPen((text, font) => {
    measuring.font = font;
    return measuring.measureText(text).width;
  });
  drawScene(pen, sceneOf(picture, box));
  return pen.svg(box, picture.palette.ground);
}

/** The whole map as PNG. `undefined` where the browser cannot make one. */
export async function drawPng(picture: Picture): Promise<Blob | undefined> {
  const box = boxOf(picture);
  const [width, height] = [box.right - box.left, box.bottom - box.top];
  const scale = Math.min(ratio, longestSide / Math.max(width, height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.round(width * scale);
  canvas.height = Math.round(height * scale);
  const context = canvas.getContext("2d")!;
  context.fillStyle = picture.palette.ground;
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.setTransform(scale, 0, 0, scale, -box.left * scale, -box.top * scale);
  drawScene(context, sceneOf(picture, box));
  return new Promise((resolve) => canvas.toBlob((blob) => resolve(blob ?? undefined), "image/png"));
}

function boxOf({ painting, layout }: Picture): Box {
  const { left, top, right, bottom } = mapBox(painting.view, layout) ?? { left: 0, top: 0, right: 0, bottom: 0 };
  let [lowest, highest] = [bottom, top];
  // Calls that lead back run below everything, those of a service to itself above it.
  for (const route of layout.routes.values()) {
    for (const { y } of route) {
      lowest = Math.max(lowest, y);
      highest = Math.min(highest, y);
    }
  }
  return { left: left - margin, top: highest - margin, right: right + margin, bottom: lowest + margin };
}

function sceneOf({ painting, layout, palette }: Picture, { left, top, right, bottom }: Box): MapScene {
  return {
    ...painting,
    layout,
    palette,
    scale: scaleOf(painting.view, painting.colour, painting.percentile),
    viewport: { x: -left, y: -top, scale: 1 },
    size: { width: right - left, height: bottom - top },
    ratio: 1,
    hovered: undefined,
    focused: undefined,
    pulse: 1,
  };
}
