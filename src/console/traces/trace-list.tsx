import { useVirtualizer } from "@tanstack/react-virtual";
import { type ReactElement, type RefObject, useEffect, useRef, useState } from "react";
import type { WireTraceSummary } from "../../api/wire.ts";
import { useShortcuts } from "../ui/shortcuts.ts";
import { TraceRow } from "./trace-row.tsx";
import type { TraceList as List } from "./use-traces.ts";

const rowHeight = 40;
const narrowRowHeight = 60;

/** The traces as a list that holds no more rows than can be seen. `j` and `k` move, Enter opens. */
export function TraceList({ list, addressOf }: { list: List; addressOf: (id: string) => string }): ReactElement {
  const scroller = useRef<HTMLDivElement>(null);
  const [active, setActive] = useState<string>();
  const isNarrow = useIsNarrow(scroller);
  const { traces, hasMore, isLoadingMore, loadMore } = list;
  const longest = traces.reduce((most, trace) => Math.max(most, trace.Duration), 0);

  const virtual = useVirtualizer({
    count: traces.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => (isNarrow ? narrowRowHeight : rowHeight),
    overscan: 10,
    getItemKey: (index) => traces[index]!.Id,
  });
  // biome-ignore lint/correctness/useExhaustiveDependencies: rows change their height with the width of the page
  useEffect(() => virtual.measure(), [isNarrow]);

  const rows = virtual.getVirtualItems();
  const lastSeen = rows.at(-1)?.index ?? 0;
  useEffect(() => {
    if (hasMore && !isLoadingMore && lastSeen >= traces.length - 20) loadMore();
  }, [hasMore, isLoadingMore, lastSeen, traces.length, loadMore]);

  const move = (step: number): void => {
    const at = traces.findIndex((trace) => trace.Id === active);
    const next = Math.min(traces.length - 1, Math.max(0, at === -1 ? 0 : at + step));
    const trace: WireTraceSummary | undefined = traces[next];
    if (trace === undefined) return;
    setActive(trace.Id);
    virtual.scrollToIndex(next);
    // The row may only now be drawn.
    requestAnimationFrame(() => scroller.current?.querySelector<HTMLElement>(`[data-id="${trace.Id}"]`)?.focus());
  };
  useShortcuts({ j: () => move(1), k: () => move(-1) });

  return (
    <div className={list.isStale ? "trace-list stale" : "trace-list"}>
      <div className="trace-heads" aria-hidden="true">
        {["Status", "Request", "Duration", "Services", "Started"].map((head) => (
          <span key={head}>{head}</span>
        ))}
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: who has no mouse scrolls it with the arrow keys */}
      <section className="trace-rows" ref={scroller} tabIndex={0} aria-label="Traces, newest first">
        <ul style={{ height: virtual.getTotalSize() }}>
          {rows.map(({ index, start, size }) => (
            <TraceRow
              key={traces[index]!.Id}
              trace={traces[index]!}
              position={index + 1}
              count={hasMore ? -1 : traces.length}
              longestSeconds={longest}
              href={addressOf(traces[index]!.Id)}
              top={start}
              height={size}
              onFocus={setActive}
            />
          ))}
        </ul>
      </section>
    </div>
  );
}

function useIsNarrow(element: RefObject<HTMLElement | null>): boolean {
  const [isNarrow, setNarrow] = useState(window.innerWidth < 700);
  useEffect(() => {
    if (element.current === null) return;
    const observer = new ResizeObserver(([entry]) => setNarrow(entry!.contentRect.width < 700));
    observer.observe(element.current);
    return () => observer.disconnect();
  }, [element]);
  return isNarrow;
}
