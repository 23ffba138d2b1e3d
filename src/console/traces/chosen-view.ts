import type { View, ViewChange } from "../address/view-address.ts";
import { narrowFilter } from "../filter-bar/refine-filter.ts";
import type { Chosen } from "./duration-plot.tsx";

/** Narrows a view down to what was dragged over on the plot: the time, and the duration as one more clause. */
export function chosenView(
  { filter }: View,
  { startSeconds, endSeconds, shortestSeconds, longestSeconds }: Chosen,
): ViewChange {
  const clause = `duration >= ${rounded(shortestSeconds)} AND duration <= ${rounded(longestSeconds)}`;
  // A drag over the plot takes the place of the one before.
  const rest = filter.replace(/(?:^| AND )duration >= [\d.]+ AND duration <= [\d.]+$/, "");
  return {
    filter: narrowFilter(rest, clause),
    span: {
      kind: "between",
      startSeconds: Math.floor(startSeconds),
      endSeconds: Math.max(Math.floor(startSeconds) + 1, Math.ceil(endSeconds)),
    },
  };
}

/** As precise as a hand is, and never in the form 1e-7, which the filter language does not need to know. */
function rounded(seconds: number): string {
  return String(Number(seconds.toFixed(seconds < 0.1 ? 4 : 2)));
}
