import type { WireTraceSummary } from "../../api/wire.ts";
import { type Range, readSummaries } from "../api-client.ts";
import { readOverview } from "../filter-bar/read-overview.ts";
import { narrowFilter } from "../filter-bar/refine-filter.ts";
import { type Band, durationBands } from "./duration-bands.ts";
import type { TraceOrder } from "./trace-order.ts";

/** Where a list goes on. */
export interface PageParam {
  readonly token?: string | undefined;
  /** By duration: the ranges that are still to be read, the one that is being read first. */
  readonly bands?: readonly Band[];
}

export interface TracesPage {
  readonly traces: readonly WireTraceSummary[];
  readonly next?: PageParam;
}

export interface PageAsked extends Range {
  readonly filter: string;
  readonly order: TraceOrder;
}

/** The next page of a list in its order. */
export async function readPage(asked: PageAsked, param: PageParam, signal: AbortSignal): Promise<TracesPage> {
  if (asked.order !== "slowest") return readNewest(asked, param, signal);
  const { order: _, ...rest } = asked;
  const [band, ...later] =
    param.bands ?? durationBands((await readOverview({ ...rest, columns: 1 }, { signal })).heatmap!);
  if (band === undefined) return { traces: [] };
  const { traces, next } = await readNewest({ ...asked, filter: narrowFilter(asked.filter, band) }, param, signal);
  if (next !== undefined) return { traces, next: { ...next, bands: [band, ...later] } };
  return { traces, ...(later.length > 0 && { next: { bands: later } }) };
}

async function readNewest(
  { startSeconds, endSeconds, filter }: PageAsked,
  { token }: PageParam,
  signal: AbortSignal,
): Promise<TracesPage> {
  const page = await readSummaries(
    { startSeconds, endSeconds, filter, ...(token !== undefined && { nextToken: token }) },
    signal,
  );
  const { TraceSummaries: traces, NextToken } = page;
  return { traces, ...(NextToken !== undefined && { next: { token: NextToken } }) };
}
