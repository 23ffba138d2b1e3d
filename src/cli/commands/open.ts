import type { Command } from "commander";
import { Option } from "commander";
import { askServer, endpointOf, keyVariable } from "../../ask/ask-server.ts";
import { pageLink, traceLink } from "../../ask/console-links.ts";
import { FluoroscopeError } from "../../errors.ts";
import { parseTraceId } from "../../xray/trace-id.ts";
import {
  addHelpEnd,
  addLookOptions,
  addServerOptions,
  type LookOptions,
  type ServerOptions,
} from "../common-options.ts";
import { exitCodes } from "../exit-codes.ts";
import { openInBrowser } from "../open-in-browser.ts";
import type { Terminal } from "../terminal.ts";

interface Options extends LookOptions, ServerOptions {
  readonly filter?: string;
  readonly print?: boolean;
}

const pages = ["map", "traces", "services", "compare", "insights", "problems", "settings", "setup"];

/** `fluoroscope open`: prints where the console shows something, and opens it there. */
export function define(command: Command): (terminal: Terminal) => Promise<number> {
  command
    .argument("[what]", `a trace id, or ${pages.slice(0, -1).join(", ")} or ${pages.at(-1)} (default: the map)`)
    .addOption(new Option("--filter <expression>", "X-Ray filter expression for map, traces and services"))
    .option("--print", "only print the address");
  addLookOptions(addServerOptions(command));
  addHelpEnd(
    command,
    ["fluoroscope open", "fluoroscope open traces --filter fault"],
    [exitCodes.ok, exitCodes.usage, exitCodes.unreachable],
  );
  return async (terminal) => {
    const options = command.opts<Options>();
    const server = askServer(endpointOf(options.endpoint, terminal.environment), terminal.environment[keyVariable]);
    const url = addressOf(command.args[0] ?? "map", options, server.endpoint);
    // Better told here than by a browser.
    await server.get("/api/status");
    const style = await terminal.style(options);
    terminal.print(style.hyperlink(url, url));
    // Whoever reads the address in a pipe wants to do something else with it.
    if (!options.print && terminal.isOutputTty) openInBrowser(url, terminal.environment);
    return exitCodes.ok;
  };
}

function addressOf(what: string, { filter }: Options, endpoint: string): string {
  const id = parseTraceId(what);
  if (id !== undefined) return traceLink({ endpoint }, id);
  if (pages.includes(what)) return pageLink({ endpoint }, what, { filter });
  const message = `"${what}" is neither a trace id nor a page. Write one of ${pages.join(", ")}, or a trace id.`;
  throw new FluoroscopeError("FLUORO_BAD_CONFIG", message);
}
