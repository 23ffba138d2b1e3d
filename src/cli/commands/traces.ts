import type { Command } from "commander";
import type { WireTraceSummary } from "../../api/wire.ts";
import { askServer, endpointOf, keyVariable } from "../../ask/ask-server.ts";
import { fetchSummaries } from "../../ask/fetch-summaries.ts";
import {
  addHelpEnd,
  addLookOptions,
  addServerOptions,
  addSinceOption,
  type LookOptions,
  type ServerOptions,
  sayFilterMistake,
  wholeNumber,
} from "../common-options.ts";
import { exitCodes } from "../exit-codes.ts";
import type { Terminal } from "../terminal.ts";

interface Options extends LookOptions, ServerOptions {
  readonly since: number;
  readonly limit: number;
  readonly json?: boolean;
}

/** `fluoroscope traces`: the newest traces, all or those that match a filter. */
export function define(command: Command): (terminal: Terminal) => Promise<number> {
  command.argument("[filter]", "X-Ray filter expression");
  addSinceOption(command, "15m")
    .option("--limit <number>", "how many at most", wholeNumber("--limit"), 20)
    .option("--json", "the summaries as X-Ray's API answers them");
  addLookOptions(addServerOptions(command));
  addHelpEnd(
    command,
    ["fluoroscope traces", "fluoroscope traces 'responsetime > 1 OR fault' --since 6h --limit 50"],
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
      terminal.print(JSON.stringify(found, undefined, 2));
      return exitCodes.ok;
    }
    const style = await terminal.style(options);
    if (found.length === 0) {
      const what = filter === undefined ? "No traces" : "No traces match";
      const { duration } = await import("../term/format.ts");
      terminal.print(`${what} in the last ${duration(options.since * 1_000)}. Look further back with --since.`);
      return exitCodes.ok;
    }
    terminal.print(await drawSummaries(found, style));
    return exitCodes.ok;
  };
}

async function drawSummaries(
  found: readonly WireTraceSummary[],
  style: Awaited<ReturnType<Terminal["style"]>>,
): Promise<string[]> {
  const [{ drawTable }, { cleanText }, { duration }, { stateOf }] = await Promise.all([
    import("../term/table.ts"),
    import("../term/clean-text.ts"),
    import("../term/format.ts"),
    import("../term/style.ts"),
  ]);
  const { glyphs, paint } = style;
  const state = ({ HasFault, HasError, HasThrottle }: WireTraceSummary) =>
    stateOf({ fault: HasFault, error: HasError, throttle: HasThrottle });
  const asked = ({ EntryPoint, Http }: WireTraceSummary): string => {
    const path = URL.canParse(Http.HttpURL ?? "") ? new URL(Http.HttpURL!).pathname : (Http.HttpURL ?? "");
    return cleanText([Http.HttpMethod, path, EntryPoint?.Name].filter((part) => (part ?? "") !== "").join(" "), glyphs);
  };
  const columns = [
    { title: "at", text: ({ StartTime }: WireTraceSummary) => new Date(StartTime * 1_000).toTimeString().slice(0, 8) },
    {
      title: "",
      text: (row: WireTraceSummary) => glyphs.marks[state(row)],
      paint: (cell: string, row: WireTraceSummary) => paint[state(row)](cell),
    },
    {
      title: "http",
      text: ({ Http }: WireTraceSummary) => String(Http.HttpStatus ?? glyphs.none),
      align: "right" as const,
    },
    {
      title: "time",
      text: ({ ResponseTime, Duration, IsPartial }: WireTraceSummary) =>
        `${duration((ResponseTime ?? Duration) * 1_000)}${IsPartial ? "+" : ""}`,
      align: "right" as const,
    },
    { title: "asked", text: asked, isFlexible: true },
    { title: "trace", text: ({ Id }: WireTraceSummary) => Id, paint: paint.link },
  ];
  return drawTable<WireTraceSummary>(columns, found, style);
}
