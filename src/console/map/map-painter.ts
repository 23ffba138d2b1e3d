import type { ColourBy } from "../address/view-address.ts";
import { drawMap } from "./draw-map.ts";
import { findAt } from "./find-at.ts";
import { type Scale, scaleOf } from "./health.ts";
import type { Percentile } from "./map-choices.ts";
import type { MapLayout, Point } from "./map-layout.ts";
import type { MapNode, MapView } from "./map-view.ts";
import { layoutInput, mapBox, nodeBox } from "./node-box.ts";
import { type Palette, readPalette } from "./palette.ts";
import { pinPlaces } from "./pin-places.ts";
import type { Sparks } from "./use-sparks.ts";
import { type Box, fitBox, pan, reveal, type Size, toMap, type Viewport, zoomAt } from "./viewport.ts";

/** What is to be seen, whatever part of it a person is looking at. */
export interface Painting {
  readonly view: MapView;
  readonly layout: MapLayout;
  readonly colour: ColourBy;
  readonly percentile: Percentile;
  readonly lit: ReadonlySet<string> | undefined;
  readonly sparks?: Sparks | undefined;
  readonly selected: string | undefined;
  readonly focused: string | undefined;
}

const margin = 48;
/** Heights of what lies over the picture. */
const toolbarRoom = 50;
const legendRoom = 32;
/** How long what has changed is shown so, and how many pictures a second that takes. */
const pulseMs = 900;
const pulseFrameMs = 50;
/** Larger maps do without: each picture costs too much. */
const mostPulsing = 120;

/** Draws again when something has changed, once a frame; owns what is seen of the map. */
export class MapPainter {
  readonly #canvas: HTMLCanvasElement;
  readonly #context: CanvasRenderingContext2D;
  readonly #observer: ResizeObserver;
  readonly #motion: MediaQueryList = window.matchMedia("(prefers-reduced-motion: reduce)");
  #palette: Palette;
  #painting: Painting | undefined;
  #scale: Scale | undefined;
  /** The layout with the node that is being dragged where it is now. */
  #layout: MapLayout | undefined;
  #viewport: Viewport = { x: 0, y: 0, scale: 1 };
  #size: Size = { width: 0, height: 0 };
  #hovered: string | undefined;
  /** Until someone moves the map, it shows all there is. */
  #isTouched = false;
  #frame: number | undefined;
  #pulseFrom = Number.NEGATIVE_INFINITY;
  #pulseTimer: ReturnType<typeof setTimeout> | undefined;
  #drawnView: MapView | undefined;

  constructor(canvas: HTMLCanvasElement) {
    this.#canvas = canvas;
    this.#context = canvas.getContext("2d")!;
    this.#palette = readPalette(canvas);
    this.#observer = new ResizeObserver(() => this.#resize());
    this.#observer.observe(canvas);
    // React's own listener may not prevent the page from scrolling.
    canvas.addEventListener("wheel", this.#onWheel, { passive: false });
  }

  close(): void {
    this.#observer.disconnect();
    this.#canvas.removeEventListener("wheel", this.#onWheel);
    clearTimeout(this.#pulseTimer);
    if (this.#frame !== undefined) cancelAnimationFrame(this.#frame);
  }

  show(painting: Painting): void {
    const before = this.#painting;
    this.#painting = painting;
    if (painting.layout !== before?.layout) this.#layout = painting.layout;
    this.#scale = scaleOf(painting.view, painting.colour, painting.percentile);
    if (painting.layout !== before?.layout && !this.#isTouched) this.fit();
    this.#draw();
  }

  readColours(): void {
    this.#palette = readPalette(this.#canvas);
    this.#draw();
  }

  /** Lets what is new or changed in a view be seen as such for a moment. Not on the first view: all of that is new. */
  changed(view: MapView): void {
    const isFirst = this.#drawnView === undefined || this.#drawnView.nodes.length === 0;
    this.#drawnView = view;
    if (isFirst || this.#motion.matches || view.nodes.length > mostPulsing) return;
    this.#pulseFrom = performance.now();
    this.#pulse();
  }

  fit(): void {
    this.#isTouched = false;
    const box = this.#painting && mapBox(this.#painting.view, this.#painting.layout);
    if (box === undefined || this.#size.width === 0) return;
    const side = Math.min(margin, this.#size.width / 12);
    const [top, bottom] = [toolbarRoom + side / 2, legendRoom + side / 4];
    // Where there is little room the map may go beneath what lies over it.
    const isLow = this.#size.height < 300;
    this.#viewport = fitBox(box, this.#size, {
      ...{ left: side, right: side },
      ...(isLow ? { top: side, bottom: side } : { top, bottom }),
    });
    this.#draw();
  }

  zoom(factor: number, at: Point = { x: this.#size.width / 2, y: this.#size.height / 2 }): void {
    this.#isTouched = true;
    this.#viewport = zoomAt(this.#viewport, at, factor);
    this.#draw();
  }

  move(dx: number, dy: number): void {
    this.#isTouched = true;
    this.#viewport = pan(this.#viewport, dx, dy);
    this.#canvas.style.cursor = "grabbing";
    this.#draw();
  }

  /** Two fingers: what was between them stays between them. */
  pinch(before: Point, now: Point, other: Point): void {
    const factor = Math.hypot(now.x - other.x, now.y - other.y) / Math.hypot(before.x - other.x, before.y - other.y);
    this.zoom(Number.isFinite(factor) ? factor : 1, { x: (now.x + other.x) / 2, y: (now.y + other.y) / 2 });
  }

  reveal(key: string): void {
    const box = this.#boxOf(key);
    if (box === undefined) return;
    const next = reveal(this.#viewport, box, this.#size, 24);
    if (next === this.#viewport) return;
    this.#isTouched = true;
    this.#viewport = next;
    this.#draw();
  }

  find(at: Point): string | undefined {
    return this.#painting && findAt(this.#painting.view, this.#layout!, this.#viewport, at);
  }

  /** The node at a point, where there is one that can be dragged. */
  nodeAt(at: Point): string | undefined {
    const found = this.find(at);
    return this.#nodeOf(found)?.key;
  }

  /** Shows a node somewhere else while it is dragged; answers where that is on the map. */
  drag(key: string, at: Point, grip: Point): Point {
    const { view, layout } = this.#painting!;
    const { x, y } = toMap(this.#viewport, at);
    const place = { x: x - grip.x, y: y - grip.y };
    this.#isTouched = true;
    this.#layout = pinPlaces(layoutInput(view), layout, new Map([[key, place]]));
    this.#canvas.style.cursor = "grabbing";
    this.#draw();
    return place;
  }

  /** Where in a node a point is, from its middle. */
  gripOf(key: string, at: Point): Point {
    const { x, y } = toMap(this.#viewport, at);
    const place = this.#layout!.places.get(key)!;
    return { x: x - place.x, y: y - place.y };
  }

  /** What is drawn, for those who write it down elsewhere. */
  get picture(): { painting: Painting; layout: MapLayout; palette: Palette } | undefined {
    return this.#painting && { painting: this.#painting, layout: this.#layout!, palette: this.#palette };
  }

  hover(at: Point | undefined): void {
    const found = at && this.find(at);
    this.#canvas.style.cursor = found === undefined ? "grab" : "pointer";
    if (found === this.#hovered) return;
    this.#hovered = found;
    this.#draw();
  }

  readonly #onWheel = (event: WheelEvent): void => {
    event.preventDefault();
    const { left, top } = this.#canvas.getBoundingClientRect();
    // A pinch on a trackpad arrives as a wheel with Control, in finer steps.
    const speed = event.ctrlKey ? 0.01 : event.deltaMode === WheelEvent.DOM_DELTA_LINE ? 0.05 : 0.0015;
    this.zoom(Math.exp(-event.deltaY * speed), { x: event.clientX - left, y: event.clientY - top });
  };

  #resize(): void {
    const { clientWidth: width, clientHeight: height } = this.#canvas;
    const ratio = window.devicePixelRatio;
    const before = this.#size;
    this.#size = { width, height };
    this.#canvas.width = Math.round(width * ratio);
    this.#canvas.height = Math.round(height * ratio);
    const isFirst = before.width === 0;
    // Room that a selection takes for its details is no reason to move the map.
    if (isFirst || (!this.#isTouched && this.#painting?.selected === undefined)) this.fit();
    else this.#revealSelected();
    // At once: a canvas is empty after its size has changed.
    this.#paint();
  }

  #revealSelected(): void {
    const box = this.#boxOf(this.#painting?.selected);
    if (box !== undefined) this.#viewport = reveal(this.#viewport, box, this.#size, 24);
  }

  #nodeOf(key: string | undefined): MapNode | undefined {
    return this.#painting?.view.nodes.find((each) => each.key === key);
  }

  #boxOf(key: string | undefined): Box | undefined {
    const node = this.#nodeOf(key);
    const place = node && this.#layout?.places.get(node.key);
    return place && nodeBox(node!, place);
  }

  #pulse(): void {
    clearTimeout(this.#pulseTimer);
    this.#draw();
    if (performance.now() - this.#pulseFrom < pulseMs) {
      this.#pulseTimer = setTimeout(() => this.#pulse(), pulseFrameMs);
    }
  }

  #draw(): void {
    this.#frame ??= requestAnimationFrame(() => this.#paint());
  }

  #paint(): void {
    if (this.#frame !== undefined) cancelAnimationFrame(this.#frame);
    this.#frame = undefined;
    if (this.#painting === undefined || this.#size.width === 0) return;
    drawMap(this.#context, {
      ...this.#painting,
      layout: this.#layout!,
      scale: this.#scale,
      viewport: this.#viewport,
      size: this.#size,
      ratio: window.devicePixelRatio,
      palette: this.#palette,
      hovered: this.#hovered,
      pulse: Math.min(1, (performance.now() - this.#pulseFrom) / pulseMs),
    });
  }
}
