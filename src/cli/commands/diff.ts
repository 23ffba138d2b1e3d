import type { Command } from "commander";
import { compareTraces } from "../../analysis/compare-traces.ts";
import { spanTree } from "../../analysis/span-tree.ts";
import { askServer, endpointOf, keyVariable } from "../../ask/ask-server.ts";
import { compareLink } from "../../ask/console-links.ts";
import {
  addHelpEnd,
  addLookOptions,
  addServerOptions,
  type LookOptions,
  type ServerOptions,
  wholeNumber,
} from "../common-options.ts";
import { exitCodes } from "../exit-codes.ts";
import { jsonText } from "../term/json-text.ts";
import type { Terminal } from "../terminal.ts";
import { findTrace, readTraceId, traceIdMeaning } from "../trace-argument.ts";

interface Options extends LookOptions, ServerOptions {
  readonly rows: number;
  readonly json?: boolean;
}

/** `fluoroscope diff A B`: two traces side by side, and where the difference comes from. */
export function define(command: Command): (terminal: Terminal) => Promise<number> {
  command
    .argument("<a>", `the one to compare with: ${traceIdMeaning}`)
    .argument("<b>", "the other one")
    .option("--rows <number>", "most rows; those that differ least are left out", wholeNumber("--rows"), 40)
    .option("--json", "both traces' rows and their differences as JSON");
  addLookOptions(addServerOptions(command));
  addHelpEnd(
    command,
    ["fluoroscope diff 1-67ab12cd-6a0f3c2e4b5d7f8091a2b3c4 1-67ab12f0-0b1c2d3e4f5061728394a5b6"],
    [exitCodes.ok, exitCodes.usage, exitCodes.unreachable, exitCodes.incomplete],
  );
  return async (terminal) => {
    const options = command.opts<Options>();
    const [a, b] = [readTraceId(command.args[0] ?? ""), readTraceId(command.args[1] ?? "")];
    const server = askServer(endpointOf(options.endpoint, terminal.environment), terminal.environment[keyVariable]);
    const [first, second] = [await findTrace(server, a, terminal), await findTrace(server, b, terminal)];
    if (first === undefined || second === undefined) return exitCodes.incomplete;
    const comparison = compareTraces(spanTree(first.trace), spanTree(second.trace));
    const link = compareLink(server, a, b);
    if (options.json) {
      terminal.print(jsonText({ a, b, ...comparison, link }, 2));
      return exitCodes.ok;
    }
    const [{ drawDiff }, style] = await Promise.all([import("../draw-diff.ts"), terminal.style(options)]);
    const traces = { a: first.trace, b: second.trace };
    terminal.print(drawDiff(traces, comparison, { style, mostRows: options.rows, link }));
    return exitCodes.ok;
  };
}
