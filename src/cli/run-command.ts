import { Command, CommanderError } from "commander";
import { FilterSyntaxError } from "../errors.ts";
import { exitCodes } from "./exit-codes.ts";
import { nearest } from "./nearest.ts";
import type { Terminal } from "./terminal.ts";

/** A command defines its options on commander's object, and answers what to run when they have been read. */
type Define = (command: Command) => (terminal: Terminal) => Promise<number>;

export interface CommandDefinition {
  readonly define: Define;
}

/** Reads a command's options and runs it. Whatever goes wrong is told in one sentence and answered as an exit code. */
export async function runCommand(
  { name, summary, definition }: { name: string; summary: string; definition: Promise<CommandDefinition> },
  words: readonly string[],
  terminal: Terminal,
): Promise<number> {
  const command = new Command(`fluoroscope ${name}`)
    .description(summary)
    .exitOverride()
    .configureOutput({ writeOut: (text) => terminal.print(text.trimEnd()), writeErr: () => undefined })
    .configureHelp({ showGlobalOptions: false });
  try {
    const { define } = await definition;
    const run = define(command);
    command.parse(words, { from: "user" });
    return await run(terminal);
  } catch (error) {
    terminal.progress("");
    if (error instanceof CommanderError) return afterParsing(error, command, terminal);
    return say(error, terminal);
  }
}

export interface Mistake {
  readonly word: string;
  readonly known: readonly string[];
  /** Where all of them are listed. */
  readonly see: string;
}

/** One sentence, a suggestion where something known is close, and where to look. */
export function sayMistake(sentence: string, { word, known, see }: Mistake, terminal: Terminal): number {
  const near = nearest(word, known);
  const hint = near === undefined ? "" : ` Did you mean "${near}"?`;
  terminal.remark(`fluoroscope: ${sentence}${hint} See ${see}.`);
  return exitCodes.usage;
}

function afterParsing(error: CommanderError, command: Command, terminal: Terminal): number {
  if (error.exitCode === 0) return exitCodes.ok;
  const see = `${command.name()} --help`;
  const message = error.message.replace(/^error: /, "").replace(/\n[\s\S]*$/, "");
  const sentence = `${message.charAt(0).toUpperCase()}${message.slice(1)}.`;
  const word = /unknown option '(.+?)'/.exec(message)?.[1];
  const known = word === undefined ? [] : command.options.flatMap(({ long }) => long ?? []);
  return sayMistake(sentence, { word: word ?? "", known, see }, terminal);
}

function say(error: unknown, terminal: Terminal): number {
  if (error instanceof FilterSyntaxError) {
    terminal.remark(`fluoroscope: ${error.message}`);
    return exitCodes.usage;
  }
  // By its code: the server's part of the program has a copy of the class of its own.
  if (error instanceof Error && "code" in error && String(error.code).startsWith("FLUORO_")) {
    terminal.remark(`fluoroscope: ${error.message}`);
    return mistakes.has(String(error.code)) ? exitCodes.usage : exitCodes.unreachable;
  }
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  terminal.remark(`fluoroscope: This should not have happened, please report it.\n${text}`);
  return exitCodes.usage;
}

/** What the one who typed the command can mend in the command. */
const mistakes: ReadonlySet<string> = new Set([
  "FLUORO_BAD_CONFIG",
  "FLUORO_BAD_DAEMON_ADDRESS",
  "FLUORO_BAD_URL",
  "FLUORO_REFUSED",
]);
