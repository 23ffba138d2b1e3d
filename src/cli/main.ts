#!/usr/bin/env node
import { basename } from "node:path";
import { exitCodes } from "./exit-codes.ts";
import type { CommandDefinition } from "./run-command.ts";
import { openTerminal } from "./terminal.ts";

type Entry = { readonly name: string; readonly summary: string } & (
  | {
      /** Loaded only when it is called, so that each command starts as fast as it can. */
      readonly load: () => Promise<CommandDefinition>;
    }
  | {
      /** Reads its words itself. */
      readonly run: (words: readonly string[]) => Promise<number>;
    }
);

const commands: readonly Entry[] = [
  {
    name: "call",
    summary: "call a URL, traced, and see where the time went",
    load: () => import("./commands/call.ts"),
  },
  { name: "up", summary: "run fluoroscope: daemon, API, store and console", load: () => import("./commands/up.ts") },
  { name: "daemon", summary: "run the daemon alone, in the place of AWS X-Ray's", run: runDaemonCommand },
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
const given = process.argv.slice(2);
// Under the name of the original's program, as packages install it, this is the original's command line.
const isXray = /^xray(\.exe)?$/.test(basename(process.argv[1] ?? ""));
process.exitCode = await run(isXray ? ["daemon", ...given] : given);

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
  if (entry && "run" in entry) return entry.run(rest);
  // Both at once: waiting for files is what starting consists of.
  const loading = entry?.load();
  const { runCommand, sayMistake } = await import("./run-command.ts");
  if (entry && loading) return runCommand({ ...entry, definition: loading }, rest, terminal);
  const names = commands.map(({ name }) => name);
  return sayMistake(
    `There is no command "${first}".`,
    { word: first, known: names, see: "fluoroscope --help" },
    terminal,
  );
}

async function runDaemonCommand(words: readonly string[]): Promise<number> {
  const { daemon } = await import("./commands/daemon.ts");
  const code = await daemon(words, terminal);
  // What a library has left open must not keep a daemon alive that is done.
  setTimeout(() => process.exit(), 1_000).unref();
  return code;
}
