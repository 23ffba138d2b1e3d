import { useVirtualizer } from "@tanstack/react-virtual";
import { type KeyboardEvent, type ReactElement, useEffect, useLayoutEffect, useRef } from "react";
import type { SpanColumns } from "../../analysis/span-columns.ts";
import { formatDuration } from "../ui/format.ts";
import { drawBars } from "./draw-bars.ts";
import { positionOf, rowOfEntry } from "./entries.ts";
import { passage } from "./filter-rows.ts";
import type { PathOfRows } from "./path-of-rows.ts";
import { ticks } from "./time-axis.ts";
import { freshContext, useCanvas } from "./use-canvas.ts";
import type { Folding } from "./use-folding.ts";
import { waterfallKey } from "./waterfall-keys.ts";
import { WaterfallRow } from "./waterfall-row.tsx";
import type { Zoom } from "./zoom.ts";

export interface WaterfallProps {
  readonly trace: SpanColumns;
  readonly folding: Folding;
  /** The entry that the keyboard is on. */
  readonly active: number;
  /** The row on top, where a subtree is looked at; -1 for all. */
  readonly focus: number;
  readonly isOpen: boolean;
  readonly matches: ReadonlySet<number>;
  readonly passages: Uint8Array | undefined;
  readonly zoom: Zoom;
  readonly path: PathOfRows | undefined;
  /** Where work in progress is drawn to. */
  readonly untilSeconds: number;
  readonly onActive: (entry: number) => void;
  readonly onOpen: (entry: number) => void;
}

const rowHeight = 24;

/** A trace over time as a treegrid of rows of one height, of which only those that can be seen exist. */
export function Waterfall(props: WaterfallProps): ReactElement {
  const { trace, folding, active, focus, isOpen, matches, passages, zoom, path, untilSeconds } = props;
  const { onActive, onOpen } = props;
  const { entries, groups, groupOf } = folding;
  const scroller = useRef<HTMLDivElement>(null);
  const track = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const virtual = useVirtualizer({
    count: entries.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    overscan: 10,
  });
  const position = positionOf(entries, active, { parents: trace.parents, groupOf, groups });
  // biome-ignore lint/correctness/useExhaustiveDependencies: the row is followed when it changes, not when all else does
  useEffect(() => {
    if (position >= 0) virtual.scrollToIndex(position, { align: "auto" });
  }, [position]);

  const items = virtual.getVirtualItems();
  const first = items[0]?.index ?? 0;
  const count = items.length;
  const state = useCanvas(track, trace.services);
  // Before the browser paints: rows and bars are never seen apart.
  useLayoutEffect(() => {
    if (canvas.current === null || state === undefined) return;
    const context = freshContext(canvas.current, state.width, count * rowHeight);
    if (context === undefined) return;
    const lines = Array.from(entries.subarray(first, first + count), (entry, at) => ({
      ...{ entry, top: at * rowHeight },
      isFolded: entry >= 0 && trace.sizes[entry]! > 1 && folding.isFolded(entry),
      isFaint: entry >= 0 && passages?.[entry] === passage.above,
    }));
    const { paints, width } = state;
    drawBars(context, { trace, groups, lines, zoom, untilSeconds, path, paints, width });
  });

  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const page = Math.max(1, Math.floor((scroller.current?.clientHeight ?? 0) / rowHeight) - 2);
    const action = waterfallKey(event.key, { trace, folding, active, page });
    if (action === undefined) return;
    event.preventDefault();
    if (action.kind === "fold") folding.fold(action.rows, action.isFolded);
    else if (action.kind === "group") folding.openGroup(action.group, action.isOpen);
    else if (action.kind === "open") onOpen(action.row);
    else onActive(action.entry);
  };
  const toggle = (entry: number): void => {
    if (entry < 0) folding.openGroup(-1 - entry, !folding.isOpen(-1 - entry));
    else folding.fold([entry], !folding.isFolded(entry));
  };

  const whole = untilSeconds - trace.startSeconds;
  const marks = ticks(whole * (zoom.to - zoom.from), 5, whole * zoom.from);
  const topDepth = focus < 0 ? 0 : trace.depths[focus]!;
  return (
    <div className="waterfall">
      <div className="waterfall-axis" aria-hidden="true">
        <span>Service and operation</span>
        <div className="axis-marks tabular" ref={track}>
          {marks.map(
            ({ at, seconds }) =>
              // The last one would have no room beside its line.
              at < 0.93 && (
                <span key={seconds} style={{ left: `${at * 100}%` }}>
                  {seconds === 0 ? "0" : formatDuration(seconds)}
                </span>
              ),
          )}
        </div>
        <span className="axis-time">Duration</span>
      </div>
      <div
        className="waterfall-rows"
        ref={scroller}
        role="treegrid"
        aria-label="Waterfall"
        aria-rowcount={entries.length}
        aria-colcount={3}
        aria-activedescendant={items.some((item) => item.index === position) ? rowId(entries[position]!) : undefined}
        tabIndex={0}
        onKeyDown={onKeyDown}
      >
        <div className="waterfall-lines" aria-hidden="true">
          {marks.map(({ at, seconds }) => (
            <i key={seconds} style={{ left: `${at * 100}%` }} />
          ))}
        </div>
        <div role="presentation" style={{ height: virtual.getTotalSize() }}>
          {items.map(({ index, start }) => {
            const entry = entries[index]!;
            const row = rowOfEntry(entry, groups);
            const isExpandable = entry < 0 || trace.sizes[entry]! > 1;
            return (
              <WaterfallRow
                key={entry}
                id={rowId(entry)}
                trace={trace}
                entry={entry}
                group={entry < 0 ? groups[-1 - entry] : undefined}
                topDepth={topDepth}
                position={index + 1}
                top={start}
                isMember={entry >= 0 && entry !== focus && passages === undefined && groupOf[entry]! >= 0}
                isExpanded={
                  isExpandable ? (entry < 0 ? folding.isOpen(-1 - entry) : !folding.isFolded(entry)) : undefined
                }
                isActive={index === position}
                isOpen={isOpen && index === position}
                isMatch={matches.has(row)}
                isFaint={entry >= 0 && passages?.[entry] === passage.above}
                untilSeconds={untilSeconds}
                onToggle={toggle}
                onOpen={onOpen}
              />
            );
          })}
          <canvas
            ref={canvas}
            className="waterfall-bars"
            style={{ transform: `translateY(${items[0]?.start ?? 0}px)`, height: count * rowHeight }}
          />
        </div>
      </div>
    </div>
  );
}

function rowId(entry: number): string {
  return entry < 0 ? `group-${-1 - entry}` : `row-${entry}`;
}
