import { type Command, Option } from "commander";
import { FilterSyntaxError, FluoroscopeError } from "../errors.ts";
import { exitCodes } from "./exit-codes.ts";
import type { Terminal } from "./terminal.ts";

export interface LookOptions {
  readonly color: "auto" | "always" | "never";
  /** Absent: by the locale. */
  readonly ascii?: boolean;
}

export interface ServerOptions {
  readonly endpoint?: string;
}

/** How things are drawn. */
export function addLookOptions(command: Command): Command {
  const colour = new Option("--color <when>", "colours").choices(["auto", "always", "never"]).default("auto");
  return command.addOption(colour).option("--ascii", "draw without Unicode (default: unless the locale is UTF-8)");
}

/** Where fluoroscope is. */
export function addServerOptions(command: Command): Command {
  return command.option(
    "--endpoint <url>",
    "fluoroscope's address (default: AWS_ENDPOINT_URL_XRAY, or http://127.0.0.1:2000)",
  );
}

/** What a trace can be written as for other programs and documents. */
const traceForms = ["md", "logfmt", "mermaid", "otlp", "xray"] as const;
export type TraceForm = (typeof traceForms)[number];

export interface FormOptions {
  readonly json?: boolean;
  readonly ndjson?: boolean;
  readonly format?: TraceForm;
}

/** Forms for programs; at most one of them is taken. */
export function addFormOptions(command: Command, means: { readonly json: string; readonly ndjson: string }): Command {
  return command
    .addOption(new Option("--json", means.json).conflicts(["ndjson", "format"]))
    .addOption(new Option("--ndjson", means.ndjson).conflicts(["json", "format"]))
    .addOption(formOption("-f, --format <form>"));
}

/** `call` has no short one, as `-f` is curl's `--fail`. */
export function formOption(flags: string): Option {
  const meaning = "the traces as Markdown, logfmt, Mermaid, OTLP's JSON, or as X-Ray's API has them";
  return new Option(flags, meaning).choices(traceForms);
}

/** How far back to look. */
export function addSinceOption(command: Command, fallback: string): Command {
  const since = new Option("--since <duration>", "how far back, as 90s, 15m, 6h or 2d");
  return command.addOption(since.argParser(durationSeconds).default(durationSeconds(fallback), fallback));
}

/** Examples and exit codes at the end of a command's help. */
export function addHelpEnd(
  command: Command,
  examples: readonly string[],
  codes: readonly number[],
  otherwise?: string,
): Command {
  const lines = codes.map((code) => `  ${String(code).padEnd(4)}${exitCodeMeanings[code]}`);
  if (otherwise !== undefined) lines.push(`  ${otherwise}`);
  helpEnds.set(command, { examples, codes, otherwise });
  const title = examples.length === 1 ? "Example:" : "Examples:";
  return command.addHelpText(
    "after",
    ["", title, ...examples.map((each) => `  ${each}`), "", "Exit codes:", ...lines].join("\n"),
  );
}

interface HelpEnd {
  readonly examples: readonly string[];
  readonly codes: readonly number[];
  /** What codes beyond these mean. */
  readonly otherwise: string | undefined;
}

/** Commander keeps help's end as text alone; manual pages set the parts in their own way. */
const helpEnds = new WeakMap<Command, HelpEnd>();

/** What `addHelpEnd` was told. */
export const helpEndOf = (command: Command): HelpEnd | undefined => helpEnds.get(command);

/** Exit codes in words. */
export const exitCodeMeanings: Readonly<Record<number, string>> = {
  [exitCodes.ok]: "done",
  [exitCodes.usage]: "a mistake in the command or its input",
  [exitCodes.unreachable]: "no answer: not sent, not reachable, not started",
  [exitCodes.incomplete]: "the trace is not there, or was not complete in time",
  [exitCodes.unmet]: "with --assert: it is not so",
  [exitCodes.httpError]: "with --fail: the HTTP status was 400 or more",
  [exitCodes.interrupted]: "ended by Ctrl-C",
};

/** `90s`, `15m`, `6h`, `2d`, `1w` in seconds. */
export function durationSeconds(text: string): number {
  const match = /^(\d+(?:\.\d+)?)(s|m|h|d|w)$/.exec(text.trim());
  const unit = { s: 1, m: 60, h: 3_600, d: 86_400, w: 604_800 }[match?.[2] ?? ""];
  if (match === null || unit === undefined) {
    throw new FluoroscopeError("FLUORO_BAD_CONFIG", `"${text}" is no duration. Write it as 90s, 15m, 6h or 2d.`);
  }
  return Number(match[1]) * unit;
}

/** A whole number of at least `least`, for an option that needs one. */
export function wholeNumber(what: string, least = 1): (text: string) => number {
  return (text) => {
    if (/^\d{1,9}$/.test(text) && Number(text) >= least) return Number(text);
    throw new FluoroscopeError(
      "FLUORO_BAD_CONFIG",
      `"${text}" does not fit ${what}. Write a whole number from ${least} on.`,
    );
  };
}

/** A filter expression that cannot be read, with a caret under the character where the reading stopped. */
export function sayFilterMistake(error: unknown, filter: string | undefined, terminal: Terminal): number {
  if (!(error instanceof FilterSyntaxError) || filter === undefined) throw error;
  // Line breaks would move the caret away from its character.
  const text = filter.replace(/\s/g, " ");
  terminal.remark(`fluoroscope: ${error.message}\n  ${text}\n  ${" ".repeat(Math.min(error.at, text.length))}^`);
  return exitCodes.usage;
}
