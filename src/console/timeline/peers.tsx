import { useQuery } from "@tanstack/react-query";
import type { ReactElement } from "react";
import { has, serviceOf } from "../../analysis/row-facts.ts";
import type { Skeleton } from "../../analysis/skeleton.ts";
import { spanFlag } from "../../analysis/span-columns.ts";
import { quoteText } from "../../filter/format.ts";
import { readTimeSeries } from "../api-client.ts";
import { formatDuration } from "../ui/format.ts";
import { rankAmong } from "./rank-among.ts";

/** Peers are looked for so long before and after. */
const reachSeconds = 3 * 3_600;
const periodSeconds = 300;
/** Fewer say nothing. */
const fewestPeers = 10;

/** How long a row took beside others of its kind: segments of its service, or calls from its service to the same callee. */
export function Peers({ trace, row, seconds }: { trace: Skeleton; row: number; seconds: number }): ReactElement | null {
  const selector = selectorOf(trace, row);
  const minute = Math.floor(trace.startSeconds / 60) * 60;
  const { data } = useQuery({
    queryKey: ["peers", selector, minute],
    queryFn: ({ signal }) => {
      const range = { startSeconds: minute - reachSeconds, endSeconds: minute + reachSeconds };
      return readTimeSeries({ ...range, filter: "", selector: selector ?? "", periodSeconds }, signal);
    },
    enabled: selector !== undefined,
    staleTime: 60_000,
  });
  const rank = data && rankAmong(data.TimeSeriesServiceStatistics, seconds);
  if (rank === undefined || rank.count < fewestPeers) return null;
  const percent = Math.round(rank.share * 100);
  const told =
    percent >= 50 ? `Slower than ${Math.min(99, percent)} %` : `Faster than ${Math.min(99, 100 - percent)} %`;
  return (
    <div className="peers">
      <p>
        <b>{told}</b>{" "}
        <span className="muted">
          of {rank.count.toLocaleString("en")} like it within 3 h · median {formatDuration(rank.medianSeconds)}
        </span>
      </p>
      <div className="peers-scale" aria-hidden="true">
        <i style={{ left: `${Math.min(99, Math.max(1, percent))}%` }} />
      </div>
    </div>
  );
}

/** In words of a filter: whose histogram to look at; `undefined` for a row that is no part of the graph. */
function selectorOf(trace: Skeleton, row: number): string | undefined {
  const named = (name: string): string => `id(name:${quoteText(name)})`;
  if (has(trace, row, spanFlag.segment)) return `service(${named(serviceOf(trace, row))})`;
  if (!has(trace, row, spanFlag.call)) return undefined;
  const parent = trace.parents[row]!;
  const below = row + 1;
  const isAnswered = trace.sizes[row]! > 1 && has(trace, below, spanFlag.segment);
  const callee = has(trace, row, spanFlag.inferred) ? row : isAnswered ? below : undefined;
  if (callee === undefined || parent < 0) return undefined;
  return `edge(${named(serviceOf(trace, parent))},${named(serviceOf(trace, callee))})`;
}
