import { type KeyboardEvent, type PointerEvent, type ReactElement, useEffect, useMemo, useRef, useState } from "react";
import { labelOf, rowState, serviceOf } from "../../analysis/row-facts.ts";
import type { Skeleton } from "../../analysis/skeleton.ts";
import { useView } from "../address/use-view.ts";
import { withOwn } from "../address/view-address.ts";
import { formatDuration } from "../ui/format.ts";
import { useShortcuts } from "../ui/shortcuts.ts";
import { stateNames } from "../ui/state-mark.tsx";
import { drawFlame, laneHeight, rowAt } from "./draw-flame.ts";
import { layFlame } from "./lay-flame.ts";
import { Minimap } from "./minimap.tsx";
import { rowSeconds } from "./row-words.ts";
import { SpanDetails } from "./span-details.tsx";
import { readTimelineView, writeTimelineView } from "./timeline-view.ts";
import { freshContext, useCanvas } from "./use-canvas.ts";
import { useSearch } from "./use-search.ts";
import { type Zoom, zoomBy } from "./zoom.ts";
import "../styles/flame.css";

/** A trace as a flame: time from left to right, what was called below its caller. Arrow keys walk it. */
export function TraceFlame({ trace, untilSeconds }: { trace: Skeleton; untilSeconds: number }): ReactElement {
  const { view, show } = useView();
  const { zoom } = useMemo(() => readTimelineView(view.own), [view.own]);
  const onZoom = (next: Zoom): void => show((now) => withOwn(now, writeTimelineView({ zoom: next })));
  const frame = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const scroller = useRef<HTMLDivElement>(null);
  const [scroll, setScroll] = useState(0);
  const [pointed, setPointed] = useState<{ readonly row: number; readonly x: number; readonly y: number }>();
  const flame = useMemo(() => layFlame(trace), [trace]);
  const state = useCanvas(frame, trace.services);
  const { rows } = useSearch(trace, view.find);
  const matches = useMemo(() => new Set(rows), [rows]);
  const row = view.segment === undefined ? -1 : trace.ids.rowOf(view.segment);
  const options = state && { trace, flame, zoom, untilSeconds, scroll, ...state };
  useEffect(() => {
    if (canvas.current === null || options === undefined) return;
    const context = freshContext(canvas.current, options.width, options.height);
    if (context !== undefined) drawFlame(context, { ...options, active: row, matches });
  });
  const choose = (to: number): void => {
    if (to < 0) return;
    show({ segment: trace.ids.at(to) });
    const top = flame.lanes[to]! * laneHeight;
    const seen = scroller.current;
    if (seen === null) return;
    if (top < seen.scrollTop) seen.scrollTop = top;
    else if (top + laneHeight > seen.scrollTop + seen.clientHeight)
      seen.scrollTop = top + laneHeight - seen.clientHeight;
  };
  useShortcuts({
    "+": () => onZoom(zoomBy(zoom, 2)),
    "-": () => onZoom(zoomBy(zoom, 0.5)),
    "0": () => onZoom({ from: 0, to: 1 }),
    Escape: () => show({ segment: undefined }),
  });
  const onKeyDown = (event: KeyboardEvent): void => {
    const to = neighbour(trace, Math.max(0, row), event.key);
    if (to === undefined) return;
    event.preventDefault();
    choose(row < 0 ? 0 : to);
  };
  const place = (event: PointerEvent): { x: number; y: number } => {
    const { left, top } = frame.current!.getBoundingClientRect();
    return { x: event.clientX - left, y: event.clientY - top };
  };
  const onPointerMove = (event: PointerEvent): void => {
    if (options === undefined) return;
    const at = place(event);
    const found = rowAt(options, at);
    setPointed(found < 0 ? undefined : { row: found, ...at });
  };
  return (
    <div className={row >= 0 ? "timeline with-details" : "timeline"}>
      <div className="timeline-main">
        <Minimap trace={trace} untilSeconds={untilSeconds} zoom={zoom} onZoom={onZoom} />
        <div className="flame" ref={frame}>
          <canvas ref={canvas} />
          <div
            className="flame-scroll"
            ref={scroller}
            role="application"
            aria-label={`Flame graph. ${row < 0 ? "Arrow keys choose a row." : rowText(trace, row, untilSeconds)}`}
            // biome-ignore lint/a11y/noNoninteractiveTabindex: its keys walk the picture
            tabIndex={0}
            onScroll={(event) => setScroll(event.currentTarget.scrollTop)}
            onPointerMove={onPointerMove}
            onPointerLeave={() => setPointed(undefined)}
            onClick={() => pointed && choose(pointed.row)}
            onKeyDown={onKeyDown}
          >
            <div style={{ height: flame.laneCount * laneHeight }} />
          </div>
          <span className="unseen" role="status">
            {row >= 0 && rowText(trace, row, untilSeconds)}
          </span>
          {pointed !== undefined && (
            <div
              className="flame-tip"
              style={{ left: Math.min(pointed.x + 12, Math.max(0, (state?.width ?? 0) - 260)), top: pointed.y + 16 }}
            >
              <b>{labelOf(trace, pointed.row).name}</b> {formatDuration(rowSeconds(trace, pointed.row, untilSeconds))}
              <div className="muted">{labelOf(trace, pointed.row).detail || serviceOf(trace, pointed.row)}</div>
            </div>
          )}
        </div>
      </div>
      {row >= 0 && (
        <SpanDetails
          trace={trace}
          row={row}
          untilSeconds={untilSeconds}
          onClose={() => show({ segment: undefined })}
          onFocus={() =>
            show(
              (now) => ({ tab: "waterfall", ...withOwn(now, writeTimelineView({ focus: trace.ids.at(row) })) }),
              "push",
            )
          }
          onRow={choose}
        />
      )}
    </div>
  );
}

function rowText(trace: Skeleton, row: number, untilSeconds: number): string {
  const { name, detail } = labelOf(trace, row);
  const parts = [name, detail, serviceOf(trace, row), formatDuration(rowSeconds(trace, row, untilSeconds))];
  return [...parts, stateNames[rowState(trace, row)]].filter(Boolean).join(", ");
}

/** Up to the caller, down to the first that was called, left and right to what was called beside. */
function neighbour({ parents, sizes, count }: Skeleton, row: number, key: string): number | undefined {
  const parent = parents[row]!;
  switch (key) {
    case "ArrowUp":
      return parent >= 0 ? parent : row;
    case "ArrowDown":
      return sizes[row]! > 1 ? row + 1 : row;
    case "ArrowRight": {
      const next = row + sizes[row]!;
      return next < (parent < 0 ? count : parent + sizes[parent]!) ? next : row;
    }
    case "ArrowLeft": {
      let before = row;
      for (let at = parent + 1; at < row; at += sizes[at]!) before = at;
      return before;
    }
    case "Home":
      return 0;
    default:
      return undefined;
  }
}
