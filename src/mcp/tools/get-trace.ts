import { criticalPath } from "../../analysis/critical-path.ts";
import { selfSeconds } from "../../analysis/self-time.ts";
import { spanTree } from "../../analysis/span-tree.ts";
import { traceLink } from "../../ask/console-links.ts";
import { pageOf } from "../answer-page.ts";
import { cursorSchema, limitSchema, traceIdSchema, traceOf } from "../common-arguments.ts";
import { describeFailures, describeRows, describeWhole } from "../describe-rows.ts";
import { numberOf, type Tool, ToolMistake, textOf } from "../tool.ts";

/** `get_trace`: what a trace is and its rows; or, by their ids, all that is known of some rows. */
export const getTrace: Tool = {
  name: "get_trace",
  title: "Get a trace",
  description:
    "One trace: what it took, which services took part, what failed, whose time the critical path is, and its segments and subsegments in the order of a waterfall. With ids in segments: all that was recorded of these (HTTP, SQL, AWS, annotations, metadata, exceptions with stacks).",
  isReadOnly: true,
  inputSchema: {
    type: "object",
    properties: {
      id: traceIdSchema,
      segments: {
        type: "array",
        items: { type: "string" },
        maxItems: 50,
        description: "Ids of segments or subsegments, as this tool answers them, to be told all of.",
      },
      limit: limitSchema(100, 500),
      cursor: cursorSchema,
    },
    required: ["id"],
  },
  async run(given, surroundings) {
    const { trace } = await traceOf(given, "id", surroundings);
    const tree = spanTree(trace);
    const cursor = textOf(given, "cursor");
    const limit = numberOf(given, "limit", 100);
    const link = traceLink(surroundings.server, trace.id);
    if (Array.isArray(given.segments) && given.segments.length > 0) {
      const self = selfSeconds(tree);
      const whole = given.segments.map((id) => {
        const row = tree.ids.rowOf(String(id));
        if (row < 0)
          throw new ToolMistake(`There is no segment ${id} in trace ${trace.id}. Ask without segments for their ids.`);
        return describeWhole(tree, row, self);
      });
      const { items, nextCursor } = pageOf(whole, cursor, limit);
      return { id: trace.id, segments: items, nextCursor, link };
    }
    const { items, nextCursor } = pageOf(describeRows(tree), cursor, limit);
    const summary = {
      startedAt: new Date(trace.startSeconds * 1_000).toISOString(),
      ms: (trace.endSeconds - trace.startSeconds) * 1_000,
      isPartial: trace.isPartial,
      services: tree.services,
      failures: describeFailures(tree),
      criticalPath: criticalPath(tree).shares.slice(0, 10),
    };
    return {
      id: trace.id,
      // Once is enough: who reads on has it.
      ...(cursor === undefined && summary),
      rowCount: tree.count,
      rows: items,
      nextCursor,
      link,
    };
  },
};
