import { useVirtualizer } from "@tanstack/react-virtual";
import { type ReactElement, useEffect, useRef, useState } from "react";
import { useShortcuts } from "../ui/shortcuts.ts";
import { TraceHeads } from "./trace-heads.tsx";
import type { TraceOrder } from "./trace-order.ts";
import { TraceRow } from "./trace-row.tsx";
import type { TraceList as List } from "./use-traces.ts";

const rowHeight = 36;
const narrowRowHeight = 60;
const headHeight = 28;

export interface TraceListProps {
  readonly list: List;
  readonly order: TraceOrder;
  readonly picked: readonly string[];
  readonly addressOf: (id: string) => string;
  readonly onOrder: (order: TraceOrder) => void;
  readonly onPick: (id: string) => void;
  readonly onCompare: (a: string, b: string) => void;
}

/**
 * The traces as a table that holds no more rows than can be seen. `j` and `k` move, Enter opens, `x` picks, `c` compares the
 * two that are picked, or the one that is with the row one is on.
 */
export function TraceList(props: TraceListProps): ReactElement {
  const { list, order, picked, addressOf, onOrder, onPick, onCompare } = props;
  const scroller = useRef<HTMLTableElement>(null);
  const [active, setActive] = useState<string>();
  const isNarrow = useIsNarrow();
  const { traces, hasMore, isLoadingMore, loadMore, onTop } = list;
  const longest = traces.reduce((most, { Duration, ResponseTime }) => Math.max(most, ResponseTime ?? Duration), 0);

  const virtual = useVirtualizer({
    count: traces.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => (isNarrow ? narrowRowHeight : rowHeight),
    overscan: 10,
    // The heads stay above them.
    scrollPaddingStart: headHeight,
    getItemKey: (index) => traces[index]!.Id,
  });
  // biome-ignore lint/correctness/useExhaustiveDependencies: rows change their height with the width of the page
  useEffect(() => virtual.measure(), [isNarrow]);

  const rows = virtual.getVirtualItems();
  const lastSeen = rows.at(-1)?.index ?? 0;
  useEffect(() => {
    if (hasMore && !isLoadingMore && lastSeen >= traces.length - 20) loadMore();
  }, [hasMore, isLoadingMore, lastSeen, traces.length, loadMore]);

  const activeIndex = traces.findIndex((trace) => trace.Id === active);
  const move = (step: number): void => {
    const next = Math.min(traces.length - 1, Math.max(0, activeIndex === -1 ? 0 : activeIndex + step));
    const trace = traces[next];
    if (trace === undefined) return;
    setActive(trace.Id);
    virtual.scrollToIndex(next);
    // The row may only now be drawn.
    requestAnimationFrame(() => scroller.current?.querySelector<HTMLElement>(`[data-id="${trace.Id}"]`)?.focus());
  };
  const startAtTop = (): void => {
    move(0);
    if (traces[0] !== undefined) onPick(traces[0].Id);
  };
  useShortcuts({
    j: () => move(1),
    k: () => move(-1),
    x: () => (activeIndex === -1 ? startAtTop() : onPick(traces[activeIndex]!.Id)),
    c: () => {
      const [a, b = active] = picked;
      if (a !== undefined && b !== undefined && a !== b) onCompare(a, b);
    },
  });

  return (
    <table
      ref={scroller}
      className={list.isStale ? "trace-list stale" : "trace-list"}
      aria-label="Traces"
      aria-rowcount={hasMore ? -1 : traces.length + 1}
      onScroll={(event) => onTop(event.currentTarget.scrollTop < rowHeight)}
    >
      <TraceHeads order={order} onOrder={onOrder} />
      <tbody className="trace-rows" style={{ height: virtual.getTotalSize() }}>
        {rows.map(({ index, start, size }) => {
          const trace = traces[index]!;
          return (
            <TraceRow
              key={trace.Id}
              trace={trace}
              position={index + 2}
              longestSeconds={longest}
              isPicked={picked.includes(trace.Id)}
              href={addressOf(trace.Id)}
              top={start}
              height={size}
              onFocus={setActive}
              onPick={onPick}
            />
          );
        })}
      </tbody>
    </table>
  );
}

/** Whether rows stand on two lines, as the style sheet has it. */
function useIsNarrow(): boolean {
  const [isNarrow, setNarrow] = useState(() => narrow.matches);
  useEffect(() => {
    const update = (): void => setNarrow(narrow.matches);
    narrow.addEventListener("change", update);
    return () => narrow.removeEventListener("change", update);
  }, []);
  return isNarrow;
}

const narrow = window.matchMedia("(width <= 700px)");
