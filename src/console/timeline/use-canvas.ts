import { type RefObject, useEffect, useState } from "react";
import { useTheme } from "../ui/theme.ts";
import { type Paints, readPaints } from "./service-paints.ts";

/** A canvas that fills its element: how large it is, and with which colours it is drawn. */
export interface CanvasState {
  readonly width: number;
  readonly height: number;
  readonly paints: Paints;
}

/** Follows the size of a canvas' element and the theme; `undefined` until both are known. */
export function useCanvas(
  element: RefObject<HTMLElement | null>,
  services: readonly string[],
): CanvasState | undefined {
  const look = useTheme((theme) => theme.look);
  const [size, setSize] = useState<{ readonly width: number; readonly height: number }>();
  const [paints, setPaints] = useState<Paints>();
  useEffect(() => {
    const observed = element.current;
    if (observed === null) return;
    const observer = new ResizeObserver(() => setSize({ width: observed.clientWidth, height: observed.clientHeight }));
    observer.observe(observed);
    return () => observer.disconnect();
  }, [element]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the colours come from the style sheet of the theme
  useEffect(() => {
    if (element.current !== null) setPaints(readPaints(element.current, services));
  }, [element, services, look]);
  return size === undefined || paints === undefined ? undefined : { ...size, paints };
}

/** A canvas of so many pixels of the page, empty, to be drawn on in these. */
export function freshContext(
  canvas: HTMLCanvasElement,
  width: number,
  height: number,
): CanvasRenderingContext2D | undefined {
  const ratio = window.devicePixelRatio || 1;
  canvas.width = Math.max(1, Math.round(width * ratio));
  canvas.height = Math.max(1, Math.round(height * ratio));
  const context = canvas.getContext("2d") ?? undefined;
  context?.setTransform(ratio, 0, 0, ratio, 0, 0);
  return context;
}
