import type { Command } from "commander";
import {
  addHelpEnd,
  addLookOptions,
  addServerOptions,
  type LookOptions,
  type ServerOptions,
} from "../common-options.ts";
import { exitCodes } from "../exit-codes.ts";
import type { Terminal } from "../terminal.ts";

interface Options extends LookOptions, ServerOptions {
  readonly sdk?: boolean;
  readonly run?: string;
  readonly quiet?: boolean;
}

/** `fluoroscope run`: a program with the environment that tracing wants, and its traces beside what it prints. */
export function define(command: Command): (terminal: Terminal) => Promise<number> {
  command
    .argument("<program>", "what to run, with its arguments behind it")
    .argument("[arguments...]", "")
    .option("--sdk", "have Node.js load fluoroscope-sdk first, so that a program without tracing has some")
    .option("--run <name>", "the run's name, as FLUOROSCOPE_RUN: what our SDK and call record is annotated with it")
    .option("--quiet", "do not show the traces")
    .passThroughOptions()
    .allowExcessArguments();
  addLookOptions(addServerOptions(command));
  addHelpEnd(
    command,
    ["fluoroscope run node server.js", "fluoroscope run --sdk npm test", "fluoroscope run python app.py --port 8000"],
    [exitCodes.ok, exitCodes.usage, exitCodes.unreachable],
    "else the program's own; 127 where there is no such program",
  );
  return async (terminal) => {
    const [program = "", ...words] = command.args;
    const { runProgram } = await import("../run-program.ts");
    return runProgram({ program, words, ...command.opts<Options>() }, terminal);
  };
}
