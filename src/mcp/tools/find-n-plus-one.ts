import { repeatedCalls } from "../../analysis/repeated-calls.ts";
import { spanTree } from "../../analysis/span-tree.ts";
import { traceLink } from "../../ask/console-links.ts";
import { fetchSummaries } from "../../ask/fetch-summaries.ts";
import type { FetchedTrace } from "../../ask/fetch-trace.ts";
import { pageOf } from "../answer-page.ts";
import {
  cursorSchema,
  filterSchema,
  limitSchema,
  rangeOf,
  sinceSchema,
  traceIdSchema,
  traceOf,
} from "../common-arguments.ts";
import { type Arguments, numberOf, type Surroundings, type Tool, textOf } from "../tool.ts";

/** Each has to be fetched whole. */
const mostTraces = 50;

/** `find_n_plus_one`: calls that were made again and again where one would do. */
export const findNPlusOne: Tool = {
  name: "find_n_plus_one",
  title: "Find N+1 calls",
  description:
    "Calls of one kind that one parent made one after another, five times or more: what a single query or request could often have fetched. In one trace, or in the newest that match; those that cost most first.",
  isReadOnly: true,
  inputSchema: {
    type: "object",
    properties: {
      id: traceIdSchema,
      filter: filterSchema,
      since: sinceSchema,
      traces: {
        type: "integer",
        minimum: 1,
        maximum: mostTraces,
        description: "How many traces to look at. Default 20.",
      },
      limit: limitSchema(20, 100),
      cursor: cursorSchema,
    },
  },
  async run(given, surroundings) {
    const traces = await tracesOf(given, surroundings);
    const found = traces
      .flatMap(({ trace }) => suspectsOf(trace, surroundings))
      .toSorted((a, b) => b.totalMs - a.totalMs);
    const { items, nextCursor } = pageOf(found, textOf(given, "cursor"), numberOf(given, "limit", 20));
    return { lookedAt: traces.length, suspects: items, nextCursor };
  },
};

async function tracesOf(given: Arguments, surroundings: Surroundings): Promise<FetchedTrace[]> {
  if (textOf(given, "id") !== undefined) return [await traceOf(given, "id", surroundings)];
  const { startSeconds, endSeconds } = rangeOf(given, surroundings);
  const question = { startSeconds, endSeconds, limit: numberOf(given, "traces", 20), filter: textOf(given, "filter") };
  const found: FetchedTrace[] = [];
  for (const { Id } of await fetchSummaries(surroundings.server, question)) {
    found.push(await traceOf({ id: Id }, "id", surroundings));
  }
  return found;
}

function suspectsOf(trace: FetchedTrace["trace"], { server }: Surroundings): { readonly totalMs: number }[] {
  const tree = spanTree(trace);
  return repeatedCalls(tree)
    .filter(({ suspectsNPlusOne }) => suspectsNPlusOne)
    .map(({ rows, parent, service, name, totalSeconds, minSeconds, maxSeconds }) => ({
      traceId: trace.id,
      service,
      name,
      operation: tree.labels[tree.labelOf[rows[0]!]!]!.detail || undefined,
      count: rows.length,
      totalMs: totalSeconds * 1_000,
      minMs: minSeconds * 1_000,
      maxMs: maxSeconds * 1_000,
      madeBy: { id: tree.ids.at(parent), name: tree.labels[tree.labelOf[parent]!]!.name },
      link: traceLink(server, trace.id, tree.ids.at(rows[0]!)),
    }));
}
