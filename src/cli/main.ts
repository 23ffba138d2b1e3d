#!/usr/bin/env node
import { exitCodes } from "./exit-codes.ts";
import type { CommandEntry } from "./run-command.ts";
import { openTerminal } from "./terminal.ts";

const commands: readonly CommandEntry[] = [
  {
    name: "call",
    summary: "call a URL, traced, and see where the time went",
    load: () => import("./commands/call.ts"),
  },
  { name: "up", summary: "run fluoroscope: daemon, API, store and console", load: () => import("./commands/up.ts") },
  {
    name: "demo",
    summary: "run it with a small shop behind it that sends traces",
    load: () => import("./commands/demo.ts"),
  },
  { name: "map", summary: "draw the service map", load: () => import("./commands/map.ts") },
  { name: "traces", summary: "list traces, newest first", load: () => import("./commands/traces.ts") },
  { name: "trace", summary: "draw one trace: map, waterfall, cause", load: () => import("./commands/trace.ts") },
  { name: "problems", summary: "what was refused, and why", load: () => import("./commands/problems.ts") },
  {
    name: "config",
    summary: "every setting, its value and where it comes from",
    load: () => import("./commands/config.ts"),
  },
];

const help = `fluoroscope: X-Ray you can run anywhere

Usage: fluoroscope <command> [options]

${commands.map(({ name, summary }) => `  ${name.padEnd(10)}${summary}`).join("\n")}

  fluoroscope <command> --help   options, an example, exit codes
  fluoroscope --version

Example: fluoroscope up            then, in another terminal:
         fluoroscope call -u http://localhost:3000/orders`;

const terminal = openTerminal();
process.exitCode = await run(process.argv.slice(2));

async function run(words: readonly string[]): Promise<number> {
  const [first = "--help", ...rest] = words;
  if (first === "--help" || first === "-h" || (first === "help" && rest.length === 0)) {
    terminal.print(help);
    return exitCodes.ok;
  }
  if (first === "--version" || first === "-V") {
    const { version } = await import("./version.ts");
    terminal.print(version());
    return exitCodes.ok;
  }
  if (first === "help") return run([...rest, "--help"]);
  const entry = commands.find(({ name }) => name === first);
  const { runCommand, sayMistake } = await import("./run-command.ts");
  if (entry) return runCommand(entry, rest, terminal);
  const names = commands.map(({ name }) => name);
  return sayMistake(
    `There is no command "${first}".`,
    { word: first, known: names, see: "fluoroscope --help" },
    terminal,
  );
}
