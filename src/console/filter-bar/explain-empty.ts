import type { Range } from "../api-client.ts";
import { joinClauses, splitClauses } from "./clauses.ts";
import { readOverview } from "./read-overview.ts";

/** A clause of a filter that found nothing, and what dropping it would find. */
export interface ClauseEffect {
  readonly clause: string;
  /** The filter without it. */
  readonly rest: string;
  /** Traces that match the rest. */
  readonly traces: number;
  /** There may be more: not all of the range was looked at. */
  readonly isPartial: boolean;
}

/** More clauses than these are not tried one by one. */
const mostClauses = 8;

/** For each clause of a filter how many traces all the others find, most first: what removed everything stands on top. */
export async function explainEmpty(filter: string, range: Range, signal: AbortSignal): Promise<ClauseEffect[]> {
  const clauses = splitClauses(filter).slice(0, mostClauses);
  const effects = await Promise.all(
    clauses.map(async (clause, at) => {
      const rest = joinClauses(splitClauses(filter).toSpliced(at, 1));
      const { traces, isPartial } = await readOverview({ ...range, filter: rest }, { signal });
      return { clause, rest, traces, isPartial };
    }),
  );
  return effects.sort((a, b) => b.traces - a.traces);
}
