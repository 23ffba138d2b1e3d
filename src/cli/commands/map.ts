import { type Command, Option } from "commander";
import { estimateWords } from "../../analysis/estimate-words.ts";
import type { WireService } from "../../api/wire.ts";
import { askServer, endpointOf, keyVariable } from "../../ask/ask-server.ts";
import { pageLink } from "../../ask/console-links.ts";
import { fetchServiceGraph } from "../../ask/fetch-service-graph.ts";
import {
  addHelpEnd,
  addLookOptions,
  addServerOptions,
  addSinceOption,
  type LookOptions,
  type ServerOptions,
  sayFilterMistake,
} from "../common-options.ts";
import { exitCodes } from "../exit-codes.ts";
import { jsonText } from "../term/json-text.ts";
import type { Terminal } from "../terminal.ts";

interface Options extends LookOptions, ServerOptions {
  readonly since: number;
  readonly json?: boolean;
  readonly format?: "mermaid";
}

/** `fluoroscope map`: the service map of the last minutes, of all traces or of those that match a filter. */
export function define(command: Command): (terminal: Terminal) => Promise<number> {
  command.argument("[filter]", "X-Ray filter expression; only matching traces count");
  addSinceOption(command, "15m")
    .addOption(new Option("--json", "the service graph as X-Ray's API answers it").conflicts("format"))
    .addOption(new Option("-f, --format <form>", "as a flowchart for Markdown").choices(["mermaid"]));
  addLookOptions(addServerOptions(command));
  addHelpEnd(
    command,
    [
      "fluoroscope map",
      "fluoroscope map 'service(\"checkout\") { fault }' --since 6h",
      "fluoroscope map -f mermaid > map.mmd",
    ],
    [exitCodes.ok, exitCodes.usage, exitCodes.unreachable],
  );
  return async (terminal) => {
    const options = command.opts<Options>();
    const [filter] = command.args;
    const server = askServer(endpointOf(options.endpoint, terminal.environment), terminal.environment[keyVariable]);
    const endSeconds = Date.now() / 1_000;
    const range = { startSeconds: endSeconds - options.since, endSeconds };
    const graph = await fetchServiceGraph(server, range, filter).catch((error: unknown) =>
      sayFilterMistake(error, filter, terminal),
    );
    if (typeof graph === "number") return graph;
    if (options.json) {
      terminal.print(jsonText(graph, 2));
      return exitCodes.ok;
    }
    const style = await terminal.style(options);
    if (options.format === "mermaid") {
      terminal.print((await writeFlowchart(graph.Services, style)).trimEnd());
      return exitCodes.ok;
    }
    terminal.print(
      await drawServices(graph.Services, { style, since: options.since, filter, endpoint: server.endpoint }),
    );
    const estimates = estimatesOf(graph.Services);
    if (estimates !== undefined) {
      terminal.remark(
        `fluoroscope: Figures are estimates: tail sampling has ${estimates}, which stands for the others.`,
      );
    }
    if (graph.IsPartial) {
      terminal.remark("fluoroscope: More traces match than could be looked at. Narrow down the filter or --since.");
    }
    return exitCodes.ok;
  };
}

function estimatesOf(services: readonly WireService[]): string | undefined {
  let [total, estimated] = [0, 0];
  for (const { SummaryStatistics } of services) {
    total += SummaryStatistics?.TotalCount ?? 0;
    estimated += SummaryStatistics?.EstimatedCount ?? 0;
  }
  return estimateWords(total, estimated);
}

async function writeFlowchart(services: readonly WireService[], { glyphs }: Drawing["style"]): Promise<string> {
  const [{ mermaidFlowchart }, { viewMap }] = await Promise.all([
    import("../../analysis/mermaid-flowchart.ts"),
    import("../term/map-view.ts"),
  ]);
  const { nodes, edges } = viewMap(services, glyphs);
  return mermaidFlowchart({
    nodes: nodes.map(({ name, detail, state }) => ({
      name,
      shape: state === undefined ? "client" : "service",
      ...(detail !== undefined && { lines: [detail] }),
      ...(state !== undefined && state !== "ok" && { state }),
    })),
    edges,
  });
}

interface Drawing {
  readonly style: Awaited<ReturnType<Terminal["style"]>>;
  readonly since: number;
  readonly filter: string | undefined;
  readonly endpoint: string;
}

async function drawServices(
  services: readonly WireService[],
  { style, since, filter, endpoint }: Drawing,
): Promise<string[]> {
  const [{ drawMap }, { viewMap }, { spread }, { duration }, { drawLink, summariseMap }] = await Promise.all([
    import("../term/draw-map.ts"),
    import("../term/map-view.ts"),
    import("../term/fit-text.ts"),
    import("../term/format.ts"),
    import("../trace-report.ts"),
  ]);
  const span = duration(since * 1_000);
  if (services.length === 0) {
    const what = filter === undefined ? "No traces" : "No traces match";
    return [`${what} in the last ${span}. Look further back with --since, or send some: fluoroscope call -u URL`];
  }
  const title = spread(
    style.paint.bold("Service map"),
    style.paint.dim(`last ${span}, p95  ${summariseMap(services)}`),
    style.width,
  );
  const link = pageLink({ endpoint }, "map", { filter, sinceSeconds: since });
  return [title, ...drawMap(viewMap(services, style.glyphs), style), "", ...drawLink("Open", link, style)];
}
