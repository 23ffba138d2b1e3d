/** What the map is drawn with: a canvas, or what writes the same picture down as SVG. */
export interface Pen {
  globalAlpha: number;
  strokeStyle: unknown;
  fillStyle: unknown;
  lineWidth: number;
  lineCap: CanvasLineCap;
  lineJoin: CanvasLineJoin;
  font: string;
  textAlign: CanvasTextAlign;
  textBaseline: CanvasTextBaseline;
  beginPath(): void;
  moveTo(x: number, y: number): void;
  lineTo(x: number, y: number): void;
  bezierCurveTo(ax: number, ay: number, bx: number, by: number, x: number, y: number): void;
  arc(x: number, y: number, radius: number, from: number, to: number): void;
  roundRect(x: number, y: number, width: number, height: number, radius: number): void;
  stroke(): void;
  stroke(path: Path2D): void;
  fill(): void;
  fill(path: Path2D): void;
  clip(): void;
  fillRect(x: number, y: number, width: number, height: number): void;
  fillText(text: string, x: number, y: number): void;
  measureText(text: string): { readonly width: number };
  setLineDash(dashes: number[]): void;
  save(): void;
  restore(): void;
  translate(x: number, y: number): void;
  scale(x: number, y: number): void;
}

const paths = new Map<string, Path2D>();
const texts = new WeakMap<Path2D, string>();

/** A path by its text, made once. */
export function pathOf(text: string): Path2D {
  let path = paths.get(text);
  if (path === undefined) {
    path = new Path2D(text);
    paths.set(text, path);
    texts.set(path, text);
  }
  return path;
}

/** The text that a path was made from. */
export function textOfPath(path: Path2D): string {
  return texts.get(path) ?? "";
}
