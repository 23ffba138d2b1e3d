import { type Pen, textOfPath } from "./pen.ts";

interface State {
  readonly strokeStyle: unknown;
  readonly fillStyle: unknown;
  readonly lineWidth: number;
  readonly lineCap: CanvasLineCap;
  readonly lineJoin: CanvasLineJoin;
  readonly globalAlpha: number;
  readonly font: string;
  readonly textAlign: CanvasTextAlign;
  readonly textBaseline: CanvasTextBaseline;
  readonly dashes: readonly number[];
}

/** Writes down as SVG what is drawn. All text that it is given stays text, whatever it looks like. */
export class SvgPen implements Pen {
  strokeStyle: unknown = "#000000";
  fillStyle: unknown = "#000000";
  lineWidth = 1;
  lineCap: CanvasLineCap = "butt";
  lineJoin: CanvasLineJoin = "miter";
  globalAlpha = 1;
  font = "10px sans-serif";
  textAlign: CanvasTextAlign = "start";
  textBaseline: CanvasTextBaseline = "alphabetic";
  readonly #parts: string[] = [];
  readonly #measure: (text: string, font: string) => number;
  readonly #saved: { readonly state: State; groups: number }[] = [];
  #dashes: readonly number[] = [];
  #path = "";
  #clips = 0;

  /** `measure` answers how wide a text is in a font, as the browser would. */
  constructor(measure: (text: string, font: string) => number) {
    this.#measure = measure;
  }

  /** The whole picture, of a box of the map, on a ground of one colour. */
  svg(box: { left: number; top: number; right: number; bottom: number }, ground: string): string {
    const { left, top } = box;
    const [width, height] = [box.right - left, box.bottom - top];
    const frame = attributes({ x: left, y: top, width, height });
    return [
      `<svg xmlns="http://www.w3.org/2000/svg" ${attributes({ width, height })} viewBox="${[left, top, width, height].map(short).join(" ")}">`,
      `<rect ${frame} fill="${escapeXml(ground)}"/>`,
      ...this.#parts,
      "</svg>\n",
    ].join("\n");
  }

  beginPath(): void {
    this.#path = "";
  }

  moveTo(x: number, y: number): void {
    this.#path += `M${short(x)} ${short(y)}`;
  }

  lineTo(x: number, y: number): void {
    this.#path += `L${short(x)} ${short(y)}`;
  }

  bezierCurveTo(...points: [number, number, number, number, number, number]): void {
    this.#path += `C${points.map(short).join(" ")}`;
  }

  /** Only whole circles are drawn. */
  arc(x: number, y: number, radius: number): void {
    const r = short(radius);
    this.#path += `M${short(x - radius)} ${short(y)}a${r} ${r} 0 1 0 ${short(2 * radius)} 0a${r} ${r} 0 1 0 ${short(-2 * radius)} 0`;
  }

  roundRect(x: number, y: number, width: number, height: number, radius: number): void {
    const r = Math.min(radius, width / 2, height / 2);
    const corner = (dx: number, dy: number): string => `a${short(r)} ${short(r)} 0 0 1 ${short(dx)} ${short(dy)}`;
    this.#path +=
      `M${short(x + r)} ${short(y)}h${short(width - 2 * r)}${corner(r, r)}v${short(height - 2 * r)}${corner(-r, r)}` +
      `h${short(2 * r - width)}${corner(-r, -r)}v${short(2 * r - height)}${corner(r, -r)}z`;
  }

  stroke(path?: Path2D): void {
    const d = path === undefined ? this.#path : textOfPath(path);
    const look = {
      stroke: String(this.strokeStyle),
      "stroke-width": this.lineWidth,
      ...(this.lineCap !== "butt" && { "stroke-linecap": this.lineCap }),
      ...(this.lineJoin !== "miter" && { "stroke-linejoin": this.lineJoin }),
      ...(this.#dashes.length > 0 && { "stroke-dasharray": this.#dashes.join(" ") }),
    };
    this.#add(`<path d="${d}" fill="none" ${attributes(look)}${this.#opacity()}/>`);
  }

  fill(path?: Path2D): void {
    const d = path === undefined ? this.#path : textOfPath(path);
    this.#add(`<path d="${d}" ${attributes({ fill: String(this.fillStyle) })}${this.#opacity()}/>`);
  }

  clip(): void {
    this.#clips += 1;
    this.#add(`<clipPath id="clip-${this.#clips}"><path d="${this.#path}"/></clipPath>`);
    this.#open(`clip-path="url(#clip-${this.#clips})"`);
  }

  fillRect(x: number, y: number, width: number, height: number): void {
    const look = { x, y, width, height, fill: String(this.fillStyle) };
    this.#add(`<rect ${attributes(look)}${this.#opacity()}/>`);
  }

  fillText(text: string, x: number, y: number): void {
    const [, weight, size, family] = /^(?:(\d+) )?([\d.]+)px (.+)$/.exec(this.font) ?? [];
    const look = {
      x,
      y,
      fill: String(this.fillStyle),
      ...(weight !== undefined && { "font-weight": weight }),
      "font-size": Number(size ?? 10),
      "font-family": family ?? "sans-serif",
      ...(this.textAlign === "center" && { "text-anchor": "middle" }),
      ...(this.textBaseline === "middle" && { "dominant-baseline": "central" }),
    };
    this.#add(`<text ${attributes(look)}${this.#opacity()}>${escapeXml(text)}</text>`);
  }

  measureText(text: string): { readonly width: number } {
    return { width: this.#measure(text, this.font) };
  }

  setLineDash(dashes: number[]): void {
    this.#dashes = dashes;
  }

  save(): void {
    const { strokeStyle, fillStyle, lineWidth, lineCap, lineJoin, globalAlpha, font, textAlign, textBaseline } = this;
    const look = { strokeStyle, fillStyle, lineWidth, lineCap, lineJoin, globalAlpha, font, textAlign, textBaseline };
    this.#saved.push({ state: { ...look, dashes: this.#dashes }, groups: 0 });
  }

  restore(): void {
    const saved = this.#saved.pop();
    if (saved === undefined) return;
    const { dashes, ...look } = saved.state;
    Object.assign(this, look);
    this.#dashes = dashes;
    if (saved.groups > 0) this.#add("</g>".repeat(saved.groups));
  }

  translate(x: number, y: number): void {
    this.#open(`transform="translate(${short(x)} ${short(y)})"`);
  }

  scale(x: number, y: number): void {
    this.#open(`transform="scale(${short(x)} ${short(y)})"`);
  }

  /** Until what was saved last is restored. */
  #open(attribute: string): void {
    const saved = this.#saved.at(-1);
    if (saved === undefined) throw new Error("Nothing was saved that this could be undone with.");
    saved.groups += 1;
    this.#add(`<g ${attribute}>`);
  }

  #opacity(): string {
    return this.globalAlpha === 1 ? "" : ` opacity="${short(this.globalAlpha)}"`;
  }

  #add(part: string): void {
    this.#parts.push(part);
  }
}

/** Text as it may stand in XML, in an element or in an attribute. What XML has no way to write becomes a mark. */
export function escapeXml(text: string): string {
  return text
    .replace(/[^\t\n\r\u{20}-\u{d7ff}\u{e000}-\u{fffd}\u{10000}-\u{10ffff}]/gu, "\ufffd")
    .replace(/[&<>"']/g, (each) => `&#${each.charCodeAt(0)};`);
}

function attributes(values: Readonly<Record<string, string | number>>): string {
  return Object.entries(values)
    .map(([name, value]) => `${name}="${typeof value === "number" ? short(value) : escapeXml(value)}"`)
    .join(" ");
}

function short(value: number): string {
  return String(Math.round(value * 100) / 100);
}
