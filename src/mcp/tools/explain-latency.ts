import { criticalPath } from "../../analysis/critical-path.ts";
import { selfSeconds } from "../../analysis/self-time.ts";
import { type SpanTree, spanTree } from "../../analysis/span-tree.ts";
import { traceTable } from "../../analysis/trace-table.ts";
import { traceLink } from "../../ask/console-links.ts";
import { pageOf } from "../answer-page.ts";
import {
  cursorSchema,
  filterSchema,
  limitSchema,
  sinceSchema,
  traceIdSchema,
  traceOrSlowest,
} from "../common-arguments.ts";
import { describeRow } from "../describe-rows.ts";
import { numberOf, type Tool, textOf } from "../tool.ts";

const mostOperations = 10;

/** `explain_latency`: whose time a trace's time was. */
export const explainLatency: Tool = {
  name: "explain_latency",
  title: "Explain latency",
  description:
    "Why a trace took as long as it did: whose time its critical path is (what would have to get faster for the whole to get faster), the rows on it that took longest, and the operations with most time of their own. Without an id: of the slowest trace that matches.",
  isReadOnly: true,
  inputSchema: {
    type: "object",
    properties: {
      id: traceIdSchema,
      filter: filterSchema,
      since: sinceSchema,
      limit: limitSchema(15, 100),
      cursor: cursorSchema,
    },
  },
  async run(given, surroundings) {
    const { trace } = await traceOrSlowest(given, surroundings);
    const tree = spanTree(trace);
    const { shares, rows } = pathOf(tree);
    const { items, nextCursor } = pageOf(rows, textOf(given, "cursor"), numberOf(given, "limit", 15));
    return {
      id: trace.id,
      ms: (trace.endSeconds - trace.startSeconds) * 1_000,
      isPartial: trace.isPartial,
      shares,
      criticalRows: items,
      operations: traceTable(tree)
        .slice(0, mostOperations)
        .map(({ slowest, ...row }) => ({ ...row, slowestId: tree.ids.at(slowest) })),
      nextCursor,
      link: traceLink(surroundings.server, trace.id),
    };
  },
};

/** The critical path by service and by row; rows with most of it first. */
function pathOf(tree: SpanTree): { readonly shares: object; readonly rows: readonly object[] } {
  const { stretches, shares } = criticalPath(tree);
  const self = selfSeconds(tree);
  const onPath = new Map<number, number>();
  let total = 0;
  for (const { row, startSeconds, endSeconds } of stretches) {
    onPath.set(row, (onPath.get(row) ?? 0) + endSeconds - startSeconds);
    total += endSeconds - startSeconds;
  }
  const rows = [...onPath]
    .sort(([, a], [, b]) => b - a)
    .map(([row, seconds]) => ({ ...describeRow(tree, row, self), onPathMs: seconds * 1_000, share: seconds / total }));
  return { shares, rows };
}
