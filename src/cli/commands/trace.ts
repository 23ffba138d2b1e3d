import type { Command } from "commander";
import { askServer, endpointOf, keyVariable } from "../../ask/ask-server.ts";
import { FluoroscopeError } from "../../errors.ts";
import { parseTraceId } from "../../xray/trace-id.ts";
import {
  addHelpEnd,
  addLookOptions,
  addServerOptions,
  type LookOptions,
  type ServerOptions,
  wholeNumber,
} from "../common-options.ts";
import { exitCodes } from "../exit-codes.ts";
import type { Terminal } from "../terminal.ts";

interface Options extends LookOptions, ServerOptions {
  readonly rows: number;
  readonly json?: boolean;
}

/** `fluoroscope trace ID`: one trace, drawn. */
export function define(command: Command): (terminal: Terminal) => Promise<number> {
  command
    .argument("<id>", "trace id, in X-Ray's form (1-67ab12cd-…) or W3C's (32 hex digits)")
    .option("--rows <number>", "most rows of the waterfall; the shortest are left out", wholeNumber("--rows"), 60)
    .option("--json", "documents, map, critical path and cause as JSON");
  addLookOptions(addServerOptions(command));
  addHelpEnd(
    command,
    ["fluoroscope trace 1-67ab12cd-6a0f3c2e4b5d7f8091a2b3c4"],
    [exitCodes.ok, exitCodes.usage, exitCodes.unreachable, exitCodes.incomplete],
  );
  return async (terminal) => {
    const options = command.opts<Options>();
    const [given = ""] = command.args;
    const id = parseTraceId(given);
    if (id === undefined) {
      const message = `"${given}" is no trace id. Write it as 1-8 hex digits-24 hex digits; "fluoroscope traces" lists them.`;
      throw new FluoroscopeError("FLUORO_BAD_CONFIG", message);
    }
    const server = askServer(endpointOf(options.endpoint, terminal.environment), terminal.environment[keyVariable]);
    const [report, { fetchTrace, fetchTraceGraph, traceLink }] = await Promise.all([
      import("../trace-report.ts"),
      import("../../ask/fetch-trace.ts"),
    ]);
    const found = await fetchTrace(server, id);
    if (found === undefined) {
      terminal.remark(
        `fluoroscope: There is no trace ${id} at ${server.endpoint}. "fluoroscope traces" lists those there are.`,
      );
      return exitCodes.incomplete;
    }
    const services = await fetchTraceGraph(server, id);
    const style = await terminal.style(options);
    const link = traceLink(server, id);
    if (options.json) {
      const { isPartial } = found.trace;
      const analysis = report.analyseTrace(found.trace, { style });
      const documents = found.documents.map((document): unknown => JSON.parse(document));
      terminal.print(JSON.stringify({ id, isPartial, ...analysis, services, documents, link }, undefined, 2));
      return exitCodes.ok;
    }
    const [{ cutMiddle, spread }, { cleanText }] = await Promise.all([
      import("../term/fit-text.ts"),
      import("../term/clean-text.ts"),
    ]);
    const { text, time } = report.describeTrace(found.trace);
    const title = cutMiddle(cleanText(text, style.glyphs), style.width - time.length - 2, style.glyphs);
    terminal.print([
      spread(style.paint.bold(title), time, style.width),
      style.paint.dim(`trace ${id}  ${new Date(found.trace.startSeconds * 1_000).toISOString()}`),
      "",
      ...report.drawTrace(found.trace, services, { style, mostRows: options.rows }),
      ...report.drawFact("Open", link, style, style.paint.bold),
    ]);
    return exitCodes.ok;
  };
}
