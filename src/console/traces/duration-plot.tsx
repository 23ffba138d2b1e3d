import { type PointerEvent, type ReactElement, useEffect, useMemo, useRef, useState } from "react";
import type { WireTraceSummary } from "../../api/wire.ts";
import { type Palette, readPalette } from "../map/palette.ts";
import type { Size } from "../map/viewport.ts";
import { useTheme } from "../ui/theme.ts";
import { type Brush, drawPlot } from "./draw-plot.ts";
import { plotScale, traceAt } from "./plot-scale.ts";

export interface DurationPlotProps {
  readonly traces: readonly WireTraceSummary[];
  readonly onOpen: (id: string) => void;
  /** A part of the plot was dragged over: when the traces began and how long they took. */
  readonly onBrush: (chosen: Chosen) => void;
}

export interface Chosen {
  readonly startSeconds: number;
  readonly endSeconds: number;
  readonly shortestSeconds: number;
  readonly longestSeconds: number;
}

/** Smaller drags are clicks. */
const leastDrag = 6;

/** The listed traces by when they began and how long they took: a look finds the slow ones. All of it is in the list, too. */
export function DurationPlot({ traces, onOpen, onBrush }: DurationPlotProps): ReactElement {
  const canvas = useRef<HTMLCanvasElement>(null);
  const isDark = useTheme((theme) => theme.isDark);
  const [size, setSize] = useState<Size>({ width: 0, height: 0 });
  const [palette, setPalette] = useState<Palette>();
  const [hovered, setHovered] = useState<WireTraceSummary>();
  const [box, setBox] = useState<Brush>();
  const scale = useMemo(() => plotScale(traces, size), [traces, size]);

  useEffect(() => {
    const observer = new ResizeObserver(([entry]) => setSize(entry!.contentRect));
    observer.observe(canvas.current!);
    return () => observer.disconnect();
  }, []);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the colours come from the style sheet of the theme
  useEffect(() => setPalette(readPalette(canvas.current!)), [isDark]);
  useEffect(() => {
    const element = canvas.current!;
    const ratio = window.devicePixelRatio;
    element.width = Math.round(size.width * ratio);
    element.height = Math.round(size.height * ratio);
    if (palette === undefined || size.width === 0) return;
    drawPlot(element.getContext("2d")!, { traces, scale, size, ratio, palette, hovered, box });
  }, [traces, scale, size, palette, hovered, box]);

  const at = (event: PointerEvent): Brush["from"] => {
    const { left, top } = canvas.current!.getBoundingClientRect();
    return { x: event.clientX - left, y: event.clientY - top };
  };
  const onPointerUp = (event: PointerEvent): void => {
    if (box === undefined) return;
    setBox(undefined);
    const { from, to } = { from: box.from, to: at(event) };
    if (Math.hypot(to.x - from.x, to.y - from.y) < leastDrag) {
      const trace = traceAt(traces, scale, to);
      if (trace !== undefined) onOpen(trace.Id);
      return;
    }
    onBrush({
      startSeconds: scale.secondsAt(Math.min(from.x, to.x)),
      endSeconds: scale.secondsAt(Math.max(from.x, to.x)),
      shortestSeconds: scale.durationAt(Math.max(from.y, to.y)),
      longestSeconds: scale.durationAt(Math.min(from.y, to.y)),
    });
  };
  return (
    <div className="duration-plot" aria-hidden="true">
      <canvas
        ref={canvas}
        className={hovered === undefined ? "" : "pointing"}
        onPointerDown={(event) => {
          if (event.button !== 0) return;
          canvas.current!.setPointerCapture(event.pointerId);
          setBox({ from: at(event), to: at(event) });
        }}
        onPointerMove={(event) => {
          if (box !== undefined) setBox({ ...box, to: at(event) });
          else setHovered(traceAt(traces, scale, at(event)));
        }}
        onPointerUp={onPointerUp}
        onPointerCancel={() => setBox(undefined)}
        onPointerLeave={() => setHovered(undefined)}
      />
    </div>
  );
}
