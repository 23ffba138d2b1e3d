import { type ReactElement, useEffect, useMemo, useRef, useState } from "react";
import type { SpanTree } from "../../analysis/span-tree.ts";
import { useView } from "../address/use-view.ts";
import { plural } from "../ui/format.ts";
import { Icon } from "../ui/icon.tsx";
import { useShortcuts } from "../ui/shortcuts.ts";
import { TraceSearch } from "./find-in-trace.ts";
import { SpanDetails } from "./span-details.tsx";
import { drawnUntil } from "./trace-words.ts";
import { useFolding } from "./use-folding.ts";
import { Waterfall } from "./waterfall.tsx";

/** The address follows the eye at this pace: browsers forbid changing it with every key press. */
const addressMs = 250;

export interface TraceTimelineProps {
  readonly tree: SpanTree;
  readonly documents: readonly string[];
  readonly nowSeconds: number;
}

/** The waterfall with its search and, beside it, the details of one row. */
export function TraceTimeline({ tree, documents, nowSeconds }: TraceTimelineProps): ReactElement {
  const { view, show } = useView();
  const folding = useFolding(tree);
  const [activeId, setActiveId] = useState(view.segment);
  const [isOpen, setOpen] = useState(view.segment !== undefined);
  const [find, setFind] = useState(view.find);
  const field = useRef<HTMLInputElement>(null);

  const byId = useMemo(() => new Map(tree.rows.map((row) => [row.segment.id, row.index])), [tree]);
  const active = byId.get(activeId ?? "") ?? 0;
  const search = useMemo(() => new TraceSearch(tree), [tree]);
  const found = useMemo(() => search.find(find), [search, find]);
  const matches = useMemo(() => new Set(found), [found]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: the address is written, not read, here
  useEffect(() => {
    const segment = isOpen ? tree.rows[active]?.segment.id : undefined;
    if (segment === view.segment && find === view.find) return;
    const timer = setTimeout(() => show({ segment, find }), addressMs);
    return () => clearTimeout(timer);
  }, [active, isOpen, find]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: only the row that the address names is brought into view
  useEffect(() => {
    if (view.segment !== undefined) folding.reveal(active);
  }, []);

  const go = (index: number): void => {
    folding.reveal(index);
    setActiveId(tree.rows[index]?.segment.id);
  };
  const step = (by: 1 | -1): void => {
    if (found.length === 0) return;
    const next = by === 1 ? found.find((index) => index > active) : found.findLast((index) => index < active);
    go(next ?? (by === 1 ? found[0]! : found.at(-1)!));
  };
  useShortcuts({
    "/": () => field.current?.focus(),
    n: () => step(1),
    N: () => step(-1),
    Escape: () => setOpen(false),
  });

  const row = tree.rows[active];
  const untilSeconds = drawnUntil(tree, nowSeconds);
  const at = found.indexOf(active);
  return (
    <div className={isOpen ? "timeline with-details" : "timeline"}>
      <div className="timeline-main">
        <div className="timeline-tools">
          <label className="find">
            <Icon name="search" size={14} />
            <span className="unseen">Search in this trace</span>
            <input
              ref={field}
              type="search"
              placeholder="Search in this trace"
              value={find}
              onChange={(event) => setFind(event.target.value)}
              onKeyDown={(event) => {
                if (event.key === "Enter") step(event.shiftKey ? -1 : 1);
                if (event.key === "Escape") field.current?.blur();
              }}
            />
          </label>
          <span className="muted tabular" role="status">
            {find.trim() !== "" &&
              (at >= 0 ? `${at + 1} of ${found.length}` : plural(found.length, "match", "matches"))}
          </span>
          <span className="spacer" />
          <button type="button" className="quiet" onClick={folding.foldAll} title="Fold all">
            <Icon name="fold" size={14} /> Fold
          </button>
          <button type="button" className="quiet" onClick={folding.unfoldAll} title="Unfold all">
            <Icon name="unfold" size={14} /> Unfold
          </button>
        </div>
        <Waterfall
          tree={tree}
          folding={folding}
          active={active}
          isOpen={isOpen}
          matches={matches}
          nowSeconds={untilSeconds}
          onActive={(index) => setActiveId(tree.rows[index]?.segment.id)}
          onOpen={(index) => {
            setActiveId(tree.rows[index]?.segment.id);
            setOpen(true);
          }}
        />
      </div>
      {isOpen && row !== undefined && (
        <SpanDetails
          tree={tree}
          documents={documents}
          row={row}
          nowSeconds={untilSeconds}
          view={view}
          onClose={() => setOpen(false)}
        />
      )}
    </div>
  );
}
