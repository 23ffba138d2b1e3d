#!/usr/bin/env node
import { basename } from "node:path";
import { commandTable } from "./command-table.ts";
import { exitCodes } from "./exit-codes.ts";
import { openTerminal } from "./terminal.ts";

const help = `fluoroscope: X-Ray you can run anywhere

Usage: fluoroscope <command> [options]

${commandTable.map(({ name, summary }) => `  ${name.padEnd(12)}${summary}`).join("\n")}

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
  const entry = commandTable.find(({ name }) => name === first);
  if (entry && "run" in entry) return entry.run(rest, terminal);
  // Both at once: waiting for files is what starting consists of.
  const loading = entry?.load();
  const { runCommand, sayMistake } = await import("./run-command.ts");
  if (entry && loading) return runCommand({ ...entry, definition: loading }, rest, terminal);
  const names = commandTable.map(({ name }) => name);
  return sayMistake(
    `There is no command "${first}".`,
    { word: first, known: names, see: "fluoroscope --help" },
    terminal,
  );
}
