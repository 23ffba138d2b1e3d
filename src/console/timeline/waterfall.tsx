import { useVirtualizer } from "@tanstack/react-virtual";
import { type KeyboardEvent, type ReactElement, useEffect, useRef } from "react";
import type { SpanTree } from "../../analysis/span-tree.ts";
import { formatDuration } from "../ui/format.ts";
import { ticks } from "./time-axis.ts";
import type { Folding } from "./use-folding.ts";
import { waterfallKey } from "./waterfall-keys.ts";
import { WaterfallRow } from "./waterfall-row.tsx";

export interface WaterfallProps {
  readonly tree: SpanTree;
  readonly folding: Folding;
  /** Index of the row that the keyboard is on. */
  readonly active: number;
  readonly isOpen: boolean;
  readonly matches: ReadonlySet<number>;
  /** Where work in progress is drawn to. */
  readonly nowSeconds: number;
  readonly onActive: (index: number) => void;
  readonly onOpen: (index: number) => void;
}

const rowHeight = 24;

/** A trace over time as a treegrid of rows of one height, of which only those that can be seen exist. */
export function Waterfall(props: WaterfallProps): ReactElement {
  const { tree, folding, active, isOpen, matches, nowSeconds, onActive, onOpen } = props;
  const { visible } = folding;
  const scroller = useRef<HTMLDivElement>(null);
  const virtual = useVirtualizer({
    count: visible.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    overscan: 12,
  });
  const position = visible.indexOf(active);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the row is followed when it changes, not when all else does
  useEffect(() => {
    if (position >= 0) virtual.scrollToIndex(position, { align: "auto" });
  }, [position]);

  const items = virtual.getVirtualItems();
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const page = Math.max(1, Math.floor((scroller.current?.clientHeight ?? 0) / rowHeight) - 2);
    const action = waterfallKey(event.key, { tree, visible, active, isFolded: folding.isFolded, page });
    if (action === undefined) return;
    event.preventDefault();
    if (action.kind === "fold") folding.fold(action.ids, action.isFolded);
    else if (action.kind === "open") onOpen(action.index);
    else onActive(action.index);
  };

  const endSeconds = Math.max(tree.endSeconds, nowSeconds);
  const spanSeconds = endSeconds - tree.startSeconds;
  const marks = ticks(spanSeconds, 5);
  return (
    <div className="waterfall">
      <div className="waterfall-axis" aria-hidden="true">
        <span>Service and operation</span>
        <div className="axis-marks tabular">
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
        aria-rowcount={visible.length}
        aria-colcount={3}
        aria-activedescendant={items.some((item) => item.index === position) ? rowId(active) : undefined}
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
            const row = tree.rows[visible[index]!]!;
            return (
              <WaterfallRow
                key={row.segment.id + row.index}
                id={rowId(row.index)}
                row={row}
                position={index + 1}
                top={start}
                isFolded={folding.isFolded(row.segment.id)}
                isActive={row.index === active}
                isOpen={isOpen && row.index === active}
                isMatch={matches.has(row.index)}
                startSeconds={tree.startSeconds}
                spanSeconds={spanSeconds}
                nowSeconds={endSeconds}
                onFold={folding.fold}
                onOpen={onOpen}
              />
            );
          })}
        </div>
      </div>
    </div>
  );
}

function rowId(index: number): string {
  return `row-${index}`;
}
