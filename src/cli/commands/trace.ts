import type { Command } from "commander";
import { askServer, endpointOf, keyVariable } from "../../ask/ask-server.ts";
import { traceLink } from "../../ask/console-links.ts";
import { fetchTraceGraph } from "../../ask/fetch-trace.ts";
import {
  addFormOptions,
  addHelpEnd,
  addLookOptions,
  addServerOptions,
  type FormOptions,
  type LookOptions,
  type ServerOptions,
  wholeNumber,
} from "../common-options.ts";
import { exitCodes } from "../exit-codes.ts";
import { escapedJson, jsonText } from "../term/json-text.ts";
import type { Terminal } from "../terminal.ts";
import { findTrace, readTraceId, traceIdMeaning } from "../trace-argument.ts";

interface Options extends FormOptions, LookOptions, ServerOptions {
  readonly rows: number;
}

/** `fluoroscope trace ID`: one trace, drawn. */
export function define(command: Command): (terminal: Terminal) => Promise<number> {
  command
    .argument("<id>", traceIdMeaning)
    .option("--rows <number>", "most rows of the waterfall; the shortest are left out", wholeNumber("--rows"), 60);
  addFormOptions(command, {
    json: "documents, map, critical path and cause as JSON",
    ndjson: "the documents as they came, one a line",
  });
  addLookOptions(addServerOptions(command));
  addHelpEnd(
    command,
    [
      "fluoroscope trace 1-67ab12cd-6a0f3c2e4b5d7f8091a2b3c4",
      "fluoroscope trace 67ab12cd6a0f3c2e4b5d7f8091a2b3c4 -f md",
    ],
    [exitCodes.ok, exitCodes.usage, exitCodes.unreachable, exitCodes.incomplete],
  );
  return async (terminal) => {
    const options = command.opts<Options>();
    const id = readTraceId(command.args[0] ?? "");
    const server = askServer(endpointOf(options.endpoint, terminal.environment), terminal.environment[keyVariable]);
    const found = await findTrace(server, id, terminal);
    if (found === undefined) return exitCodes.incomplete;
    if (options.ndjson) {
      terminal.print(found.documents.map((document) => escapedJson(document.replace(/[\r\n]+/g, " "))));
      return exitCodes.ok;
    }
    const link = traceLink(server, id);
    if (options.format !== undefined) {
      const { writeTrace } = await import("../write-traces.ts");
      for await (const text of writeTrace(found, options.format, link)) await terminal.write(text);
      return exitCodes.ok;
    }
    const [report, services, style] = await Promise.all([
      import("../trace-report.ts"),
      fetchTraceGraph(server, id),
      terminal.style(options),
    ]);
    if (options.json) {
      const { isPartial } = found.trace;
      const analysis = report.analyseTrace(found.trace, { style });
      const documents = found.documents.map((document): unknown => JSON.parse(document));
      terminal.print(jsonText({ id, isPartial, ...analysis, services, documents, link }, 2));
      return exitCodes.ok;
    }
    terminal.print([
      ...report.drawTitle(found.trace, style),
      ...report.drawTrace(found.trace, services, { style, mostRows: options.rows }),
      ...report.drawLink("Open", link, style),
    ]);
    return exitCodes.ok;
  };
}
