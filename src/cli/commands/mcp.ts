import type { Command } from "commander";
import { askServer, endpointOf, keyVariable } from "../../ask/ask-server.ts";
import { addHelpEnd, addServerOptions, type ServerOptions } from "../common-options.ts";
import { collect } from "../curl-options.ts";
import { exitCodes } from "../exit-codes.ts";
import type { Terminal } from "../terminal.ts";

interface Options extends ServerOptions {
  readonly allowCall?: readonly string[];
}

/** `fluoroscope mcp`: agents ask on standard input, in the Model Context Protocol, until it is closed. */
export function define(command: Command): (terminal: Terminal) => Promise<number> {
  addServerOptions(command).option(
    "--allow-call <host>",
    "let agents call URLs of this host, as localhost or localhost:3000; may be repeated",
    collect,
  );
  addHelpEnd(
    command,
    ["fluoroscope mcp", "fluoroscope mcp --allow-call localhost:3000"],
    [exitCodes.ok, exitCodes.usage, exitCodes.interrupted],
  );
  return async ({ environment }) => {
    const { endpoint, allowCall = [] } = command.opts<Options>();
    const [{ serveStdio }, { version }] = await Promise.all([
      import("../../mcp/serve-stdio.ts"),
      import("../version.ts"),
    ]);
    const server = askServer(endpointOf(endpoint, environment), environment[keyVariable]);
    await serveStdio({ server, version: version(), calls: { hosts: allowCall, environment } });
    return exitCodes.ok;
  };
}
