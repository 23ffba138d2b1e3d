import { type KeyboardEvent, type PointerEvent, type ReactElement, useEffect, useRef, useState } from "react";
import type { SpanColumns } from "../../analysis/span-columns.ts";
import { formatDuration } from "../ui/format.ts";
import { drawMinimap } from "./draw-minimap.ts";
import { freshContext, useCanvas } from "./use-canvas.ts";
import { moveBy, wholeTrace, type Zoom, zoomBetween } from "./zoom.ts";

export interface MinimapProps {
  readonly trace: SpanColumns;
  readonly untilSeconds: number;
  readonly zoom: Zoom;
  readonly onZoom: (zoom: Zoom) => void;
}

/** A press that moved less is a click. */
const leastDrag = 4;
const keyStep = 0.01;

/** The whole trace at a glance. Drag to see a part of it larger, drag the part to move it; its ends move by keys, too. */
export function Minimap({ trace, untilSeconds, zoom, onZoom }: MinimapProps): ReactElement {
  const frame = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const state = useCanvas(frame, trace.services);
  useEffect(() => {
    if (canvas.current === null || state === undefined) return;
    const context = freshContext(canvas.current, state.width, state.height);
    if (context !== undefined) drawMinimap(context, { trace, untilSeconds, ...state });
  }, [trace, untilSeconds, state]);

  const [brush, setBrush] = useState<Zoom>();
  const drag = useRef<{ readonly at: number; readonly x: number; readonly moves: Zoom | undefined }>(undefined);
  const shareAt = (event: PointerEvent): number => {
    const { left, width } = frame.current!.getBoundingClientRect();
    return Math.min(1, Math.max(0, (event.clientX - left) / Math.max(1, width)));
  };
  const isWhole = zoom.from <= 0 && zoom.to >= 1;
  const onPointerDown = (event: PointerEvent): void => {
    if (event.button !== 0 || (event.target as Element).closest("[role=slider]") !== null) return;
    event.currentTarget.setPointerCapture(event.pointerId);
    const at = shareAt(event);
    const isInside = !isWhole && at > zoom.from && at < zoom.to;
    drag.current = { at, x: event.clientX, moves: isInside ? zoom : undefined };
  };
  const onPointerMove = (event: PointerEvent): void => {
    const begun = drag.current;
    if (begun === undefined || (brush === undefined && Math.abs(event.clientX - begun.x) < leastDrag)) return;
    const at = shareAt(event);
    if (begun.moves === undefined) setBrush(zoomBetween(begun.at, at));
    else setBrush(moveBy(begun.moves, (at - begun.at) / (begun.moves.to - begun.moves.from)));
  };
  const onPointerUp = (): void => {
    drag.current = undefined;
    if (brush !== undefined) onZoom(brush);
    setBrush(undefined);
  };
  const seen = brush ?? zoom;
  const seconds = untilSeconds - trace.startSeconds;
  const handle = (end: "from" | "to"): ReactElement => {
    const value = seen[end];
    const [low, high] = end === "from" ? [0, seen.to] : [seen.from, 1];
    const onKeyDown = (event: KeyboardEvent): void => {
      const step = event.shiftKey ? keyStep * 10 : keyStep;
      const steps: Record<string, number> = { ArrowLeft: -step, ArrowDown: -step, ArrowRight: step, ArrowUp: step };
      const to = event.key === "Home" ? low : event.key === "End" ? high : value + (steps[event.key] ?? 0);
      if (to === value && steps[event.key] === undefined) return;
      event.preventDefault();
      event.stopPropagation();
      // The ends may meet, but not pass each other.
      const next = Math.min(high, Math.max(low, to));
      onZoom(end === "from" ? zoomBetween(next, zoom.to) : zoomBetween(zoom.from, next));
    };
    return (
      <span
        role="slider"
        tabIndex={0}
        className={`minimap-end ${end}`}
        aria-label={end === "from" ? "Start of what is seen" : "End of what is seen"}
        aria-valuemin={Math.round(low * 1_000)}
        aria-valuemax={Math.round(high * 1_000)}
        aria-valuenow={Math.round(value * 1_000)}
        aria-valuetext={formatDuration(value * seconds)}
        style={{ left: `${value * 100}%` }}
        onKeyDown={onKeyDown}
      />
    );
  };
  return (
    <div className="minimap-frame">
      {/* biome-ignore lint/a11y/noStaticElementInteractions: its ends are sliders for who has no pointer */}
      <div
        className="minimap"
        ref={frame}
        onPointerDown={onPointerDown}
        onPointerMove={onPointerMove}
        onPointerUp={onPointerUp}
        onPointerCancel={onPointerUp}
        onDoubleClick={() => onZoom(wholeTrace)}
      >
        <canvas ref={canvas} />
        <i className="minimap-shade" style={{ left: 0, width: `${seen.from * 100}%` }} />
        <i className="minimap-shade" style={{ left: `${seen.to * 100}%`, right: 0 }} />
        {handle("from")}
        {handle("to")}
      </div>
      {!isWhole && (
        <button type="button" className="minimap-whole" onClick={() => onZoom(wholeTrace)}>
          Whole trace
        </button>
      )}
    </div>
  );
}
