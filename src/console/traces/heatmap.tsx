import { type PointerEvent, type ReactElement, useEffect, useMemo, useRef, useState } from "react";
import type { Heatmap as Figures } from "../../analysis/heatmap.ts";
import { type Palette, readPalette } from "../map/palette.ts";
import type { Size } from "../map/viewport.ts";
import { useTheme } from "../ui/theme.ts";
import { drawHeatmap } from "./draw-heatmap.ts";
import { countIn, type HeatBox } from "./heat-box.ts";
import { HeatHandles } from "./heat-handles.tsx";
import { HeatHint } from "./heat-hint.tsx";
import { boxBetween, heatScale } from "./heat-scale.ts";

export interface HeatmapProps {
  readonly heatmap: Figures;
  readonly isStale: boolean;
  /** A part was chosen: by dragging over it, by a click on a cell, or with its handles. */
  readonly onChoose: (box: HeatBox) => void;
}

interface Cell {
  readonly column: number;
  readonly row: number;
}

/** When the matching traces began and how long they took, all of them: a look finds the slow ones and the failing ones. */
export function Heatmap({ heatmap, isStale, onChoose }: HeatmapProps): ReactElement {
  const canvas = useRef<HTMLCanvasElement>(null);
  const theme = useTheme();
  const [size, setSize] = useState<Size>({ width: 0, height: 0 });
  const [palette, setPalette] = useState<Palette>();
  const [start, setStart] = useState<Cell>();
  const [box, setBox] = useState<HeatBox>();
  const scale = useMemo(() => heatScale(heatmap, size), [heatmap, size]);

  useEffect(() => {
    const observer = new ResizeObserver(([entry]) => setSize(entry!.contentRect));
    observer.observe(canvas.current!);
    return () => observer.disconnect();
  }, []);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the colours come from the style sheet of the theme
  useEffect(() => setPalette(readPalette(canvas.current!)), [theme]);
  useEffect(() => {
    const element = canvas.current!;
    const ratio = window.devicePixelRatio;
    element.width = Math.round(size.width * ratio);
    element.height = Math.round(size.height * ratio);
    if (palette === undefined || size.width === 0) return;
    drawHeatmap(element.getContext("2d")!, { heatmap, scale, size, ratio, palette, box });
  }, [heatmap, scale, size, palette, box]);

  const cellAt = (event: PointerEvent): Cell => {
    const { left, top } = canvas.current!.getBoundingClientRect();
    return { column: scale.columnAt(event.clientX - left), row: scale.rowAt(event.clientY - top) };
  };
  const choose = (chosen: HeatBox): void => {
    setBox(undefined);
    if (countIn(heatmap, chosen).traces > 0) onChoose(chosen);
  };
  return (
    <div className={isStale ? "heatmap stale" : "heatmap"}>
      {/* biome-ignore lint/a11y/noAriaHiddenOnFocusable: a canvas takes no focus; the handles below do what it does */}
      <canvas
        ref={canvas}
        aria-hidden="true"
        onPointerDown={(event) => {
          if (event.button !== 0) return;
          canvas.current!.setPointerCapture(event.pointerId);
          setStart(cellAt(event));
          setBox(boxBetween(cellAt(event), cellAt(event)));
        }}
        onPointerMove={(event) => {
          const cell = cellAt(event);
          const hovered = boxBetween(start ?? cell, cell);
          setBox(start !== undefined || countIn(heatmap, hovered).traces > 0 ? hovered : undefined);
        }}
        onPointerUp={(event) => {
          if (start === undefined) return;
          setStart(undefined);
          choose(boxBetween(start, cellAt(event)));
        }}
        onPointerCancel={() => {
          setStart(undefined);
          setBox(undefined);
        }}
        onPointerLeave={() => start === undefined && setBox(undefined)}
      />
      <HeatHandles heatmap={heatmap} scale={scale} box={box} onMove={setBox} onChoose={choose} />
      {box !== undefined && <HeatHint heatmap={heatmap} scale={scale} size={size} box={box} />}
    </div>
  );
}
