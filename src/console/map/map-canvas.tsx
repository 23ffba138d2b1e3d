import { type PointerEvent, type ReactElement, type RefObject, useEffect, useImperativeHandle, useRef } from "react";
import type { ColourBy } from "../address/view-address.ts";
import { useTheme } from "../ui/theme.ts";
import { drawMap } from "./draw-map.ts";
import { findAt } from "./find-at.ts";
import type { MapLayout, Point } from "./map-layout.ts";
import type { MapView } from "./map-view.ts";
import { mapBox, nodeBox } from "./node-box.ts";
import { type Palette, readPalette } from "./palette.ts";
import { fitBox, pan, reveal, type Size, type Viewport, zoomAt } from "./viewport.ts";

export interface MapCanvasProps {
  readonly view: MapView;
  readonly layout: MapLayout;
  readonly colour: ColourBy;
  readonly selected: string | undefined;
  /** The node that has the keyboard's focus, which is in the tables beside the picture. */
  readonly focused: string | undefined;
  readonly onSelect: (key: string | undefined) => void;
  readonly handle: RefObject<MapHandle | null>;
}

/** What a toolbar and keys do to the picture. */
export interface MapHandle {
  readonly fit: () => void;
  readonly zoom: (factor: number) => void;
}

const margin = 48;
/** How long what has changed is shown so, and how many pictures a second that takes. */
const pulseMs = 900;
const pulseFrameMs = 50;
/** Larger maps do without: each picture costs too much. */
const mostPulsing = 120;
/** A pointer that moved no further has clicked. */
const clickReach = 4;

/** The picture of the map: drag to move it, wheel or pinch to come nearer. Everything it shows is in the tables too. */
export function MapCanvas(props: MapCanvasProps): ReactElement {
  const { view, layout, focused, onSelect, handle } = props;
  const canvas = useRef<HTMLCanvasElement>(null);
  const isDark = useTheme((theme) => theme.isDark);
  const painter = useRef<Painter>(undefined);

  useEffect(() => {
    const opened = new Painter(canvas.current!);
    painter.current = opened;
    return () => opened.close();
  }, []);
  useEffect(() => painter.current?.show(props));
  // biome-ignore lint/correctness/useExhaustiveDependencies: the colours come from the style sheet of the theme
  useEffect(() => painter.current?.readColours(), [isDark]);
  useEffect(() => painter.current?.changed(view), [view]);
  useEffect(() => {
    const node = view.nodes.find((each) => each.key === focused);
    const place = node && layout.places.get(node.key);
    if (node !== undefined && place !== undefined) painter.current?.reveal(nodeBox(node, place));
  }, [focused, view, layout]);
  useImperativeHandle(handle, () => ({
    fit: () => painter.current?.fit(),
    zoom: (factor) => painter.current?.zoom(factor),
  }));

  const pointers = useRef(new Map<number, Point>());
  const travelled = useRef(0);
  const at = (event: PointerEvent): Point => {
    const { left, top } = canvas.current!.getBoundingClientRect();
    return { x: event.clientX - left, y: event.clientY - top };
  };
  const onPointerDown = (event: PointerEvent): void => {
    if (event.button !== 0) return;
    canvas.current!.setPointerCapture(event.pointerId);
    pointers.current.set(event.pointerId, at(event));
    travelled.current = 0;
  };
  const onPointerMove = (event: PointerEvent): void => {
    const before = pointers.current.get(event.pointerId);
    const now = at(event);
    if (before === undefined) {
      painter.current?.hover(now);
      return;
    }
    pointers.current.set(event.pointerId, now);
    travelled.current += Math.hypot(now.x - before.x, now.y - before.y);
    const other = [...pointers.current].find(([id]) => id !== event.pointerId)?.[1];
    if (other !== undefined) painter.current?.pinch(before, now, other);
    else if (travelled.current > clickReach) painter.current?.move(now.x - before.x, now.y - before.y);
  };
  const onPointerUp = (event: PointerEvent): void => {
    const wasAlone = pointers.current.size === 1;
    pointers.current.delete(event.pointerId);
    if (wasAlone && travelled.current <= clickReach) onSelect(painter.current?.find(at(event)));
  };
  return (
    <div className="map-canvas" aria-hidden="true">
      <canvas
        ref={canvas}
        onPointerDown={onPointerDown}
        onPointerMove={onPointerMove}
        onPointerUp={onPointerUp}
        onPointerCancel={(event) => pointers.current.delete(event.pointerId)}
        onPointerLeave={() => painter.current?.hover(undefined)}
        onDoubleClick={(event) => {
          const { left, top } = event.currentTarget.getBoundingClientRect();
          painter.current?.zoom(1.6, { x: event.clientX - left, y: event.clientY - top });
        }}
      />
    </div>
  );
}

/** Draws again when something has changed, once a frame; owns what is seen of the map. */
class Painter {
  readonly #canvas: HTMLCanvasElement;
  readonly #context: CanvasRenderingContext2D;
  readonly #observer: ResizeObserver;
  readonly #motion: MediaQueryList = window.matchMedia("(prefers-reduced-motion: reduce)");
  #palette: Palette;
  #props: MapCanvasProps | undefined;
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

  show(props: MapCanvasProps): void {
    const isNewLayout = props.layout !== this.#props?.layout;
    this.#props = props;
    if (isNewLayout && !this.#isTouched) this.fit();
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
    const box = this.#props && mapBox(this.#props.view, this.#props.layout);
    if (box === undefined || this.#size.width === 0) return;
    this.#viewport = fitBox(box, this.#size, Math.min(margin, this.#size.width / 12));
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

  reveal(box: Parameters<typeof reveal>[1]): void {
    const next = reveal(this.#viewport, box, this.#size, 24);
    if (next === this.#viewport) return;
    this.#isTouched = true;
    this.#viewport = next;
    this.#draw();
  }

  find(at: Point): string | undefined {
    return this.#props && findAt(this.#props.view, this.#props.layout, this.#viewport, at);
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
    if (isFirst || (!this.#isTouched && this.#props?.selected === undefined)) this.fit();
    else this.#revealSelected();
    // At once: a canvas is empty after its size has changed.
    this.#paint();
  }

  #revealSelected(): void {
    const { view, layout, selected } = this.#props!;
    const node = view.nodes.find((each) => each.key === selected);
    const place = node && layout.places.get(node.key);
    if (place === undefined) return;
    this.#viewport = reveal(this.#viewport, nodeBox(node!, place), this.#size, 24);
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
    if (this.#props === undefined || this.#size.width === 0) return;
    const { view, layout, colour, selected, focused } = this.#props;
    drawMap(this.#context, {
      view,
      layout,
      colour,
      selected,
      focused,
      viewport: this.#viewport,
      size: this.#size,
      ratio: window.devicePixelRatio,
      palette: this.#palette,
      hovered: this.#hovered,
      pulse: Math.min(1, (performance.now() - this.#pulseFrom) / pulseMs),
    });
  }
}
