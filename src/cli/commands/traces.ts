import type { Command } from "commander";
import { askServer, endpointOf, keyVariable } from "../../ask/ask-server.ts";
import { fetchSummaries } from "../../ask/fetch-summaries.ts";
import {
  addFormOptions,
  addHelpEnd,
  addLookOptions,
  addServerOptions,
  addSinceOption,
  type FormOptions,
  type LookOptions,
  type ServerOptions,
  sayFilterMistake,
  wholeNumber,
} from "../common-options.ts";
import { exitCodes } from "../exit-codes.ts";
import { jsonText } from "../term/json-text.ts";
import type { Terminal } from "../terminal.ts";

interface Options extends FormOptions, LookOptions, ServerOptions {
  readonly since: number;
  readonly limit: number;
}

/** `fluoroscope traces`: the newest traces, all or those that match a filter. */
export function define(command: Command): (terminal: Terminal) => Promise<number> {
  command.argument("[filter]", "X-Ray filter expression");
  addSinceOption(command, "15m").option("--limit <number>", "how many at most", wholeNumber("--limit"), 20);
  addFormOptions(command, {
    json: "the summaries as X-Ray's API answers them",
    ndjson: "the summaries as JSON, one a line",
  });
  addLookOptions(addServerOptions(command));
  addHelpEnd(
    command,
    [
      "fluoroscope traces",
      "fluoroscope traces 'responsetime > 1 OR fault' --since 6h --limit 50",
      "fluoroscope traces fault --limit 1 -f md",
    ],
    [exitCodes.ok, exitCodes.usage, exitCodes.unreachable],
  );
  return async (terminal) => {
    const options = command.opts<Options>();
    const [filter] = command.args;
    const server = askServer(endpointOf(options.endpoint, terminal.environment), terminal.environment[keyVariable]);
    const endSeconds = Date.now() / 1_000;
    const { since, limit } = options;
    // Clocks of other machines may be ahead of ours.
    const question = { startSeconds: endSeconds - since, endSeconds: endSeconds + 60, limit, filter };
    const found = await fetchSummaries(server, question).catch((error: unknown) =>
      sayFilterMistake(error, filter, terminal),
    );
    if (typeof found === "number") return found;
    if (options.json) {
      terminal.print(jsonText(found, 2));
    } else if (options.ndjson) {
      terminal.print(found.map((summary) => jsonText(summary)));
    } else if (options.format !== undefined) {
      const { writeTraces } = await import("../write-traces.ts");
      const ids = found.map(({ Id }) => Id);
      for await (const text of writeTraces(server, ids, options.format)) await terminal.write(text);
    } else if (found.length === 0) {
      const what = filter === undefined ? "No traces" : "No traces match";
      const { duration } = await import("../term/format.ts");
      terminal.print(`${what} in the last ${duration(since * 1_000)}. Look further back with --since.`);
    } else {
      const [{ drawSummaries }, style] = await Promise.all([
        import("../term/draw-summaries.ts"),
        terminal.style(options),
      ]);
      terminal.print(drawSummaries(found, server.endpoint, style));
    }
    return exitCodes.ok;
  };
}
