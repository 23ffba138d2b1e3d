import { useQuery } from "@tanstack/react-query";
import { type ReactElement, useMemo } from "react";
import { Link } from "wouter";
import { endsOf } from "../address/time-span.ts";
import type { View } from "../address/view-address.ts";
import { readSplitGraph } from "../api-client.ts";
import { formatDuration, formatRate, formatShare } from "../ui/format.ts";
import { StateMark } from "../ui/state-mark.tsx";
import { applyChange } from "./apply-change.ts";
import { worstState } from "./health.ts";
import type { Percentile } from "./map-choices.ts";
import { type MapNode, nodeKey } from "./map-view.ts";

export interface TopOperationsProps {
  readonly node: MapNode;
  readonly view: View;
  readonly percentile: Percentile;
  /** The traces of an operation. */
  readonly addressOf: (part: string) => string;
}

const most = 8;

/** What a service is asked for most. */
export function TopOperations({ node, view, percentile, addressOf }: TopOperationsProps): ReactElement | false {
  const { data } = useQuery({
    // Not told apart by node: the next selection finds it answered.
    queryKey: ["operations", view.filter, view.span],
    queryFn: ({ signal }) =>
      readSplitGraph({ ...endsOf(view.span, Date.now() / 1000), filter: view.filter, by: "operation" }, signal),
    placeholderData: (before) => before,
    staleTime: 5_000,
    refetchInterval: 20_000,
  });
  const key = nodeKey(node.id);
  const operations = useMemo(
    () =>
      (data === undefined ? [] : applyChange(undefined, data).nodes)
        .flatMap(({ id, part, figures }) =>
          part !== undefined && figures !== undefined && nodeKey(id) === key ? [{ part, figures }] : [],
        )
        .sort((a, b) => b.figures.total - a.figures.total)
        .slice(0, most),
    [data, key],
  );
  return (
    operations.length > 0 && (
      <section>
        <h3>Top operations</h3>
        <ul className="neighbours">
          {operations.map(({ part, figures }) => {
            const { state, share } = worstState(figures);
            return (
              <li key={part}>
                <Link href={addressOf(part)}>
                  <span>{part}</span>
                  <span className="muted tabular">
                    {percentile} {formatDuration(figures[percentile])} · {formatRate(figures.perSecond)}
                  </span>
                  <span className={`state-text tabular ${state}`}>
                    <StateMark state={state} /> {state === "ok" ? "" : formatShare(share, 1)}
                  </span>
                </Link>
              </li>
            );
          })}
        </ul>
        {data?.IsPartial === true && <p className="muted">Of the newest traces only.</p>}
      </section>
    )
  );
}
