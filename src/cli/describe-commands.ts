import { Command, type Option } from "commander";
import type { CommandEntry } from "./command-table.ts";

/** What a shell offers where a value stands. */
export type ValueKind = "none" | "file" | "program" | "trace" | "filter" | { readonly words: readonly string[] };

export interface DescribedOption {
  /** With their dashes, the long one first. */
  readonly names: readonly string[];
  readonly meaning: string;
  /** Absent for a switch. */
  readonly value?: { readonly name: string; readonly kind: ValueKind; readonly isOptional: boolean };
}

/** A command as its definition describes it. */
export interface DescribedCommand {
  readonly name: string;
  readonly summary: string;
  readonly arguments: readonly {
    readonly name: string;
    readonly meaning: string;
    readonly kind: ValueKind;
    readonly isRequired: boolean;
    readonly isVariadic: boolean;
  }[];
  readonly options: readonly DescribedOption[];
  /** Commander's object; absent for the daemon, which reads its words itself. */
  readonly command?: Command;
}

/** Reads the definitions of all commands, for completion scripts and manual pages. */
export async function describeCommands(table: readonly CommandEntry[]): Promise<DescribedCommand[]> {
  return Promise.all(
    table.map(async (entry): Promise<DescribedCommand> => {
      const { name, summary } = entry;
      if ("run" in entry) return { name, summary, arguments: [], options: await daemonOptions() };
      const command = new Command(`fluoroscope ${name}`).description(summary);
      (await entry.load()).define(command);
      const args = command.registeredArguments.map((argument) => ({
        name: argument.name(),
        meaning: argument.description,
        kind: argument.argChoices ? { words: argument.argChoices } : argumentKind(argument.name()),
        isRequired: argument.required,
        isVariadic: argument.variadic,
      }));
      return { name, summary, arguments: args, options: [...command.options.map(describeOption), help], command };
    }),
  );
}

const help: DescribedOption = { names: ["--help", "-h"], meaning: "display help for command" };

function describeOption({ long, short, flags, description, required, optional, argChoices }: Option): DescribedOption {
  const names = [long, short].filter((name) => typeof name === "string");
  if (!required && !optional) return { names, meaning: description };
  const name = /[<[]([^>\]]+)[>\]]/.exec(flags)?.[1] ?? "value";
  const kind = argChoices ? { words: argChoices } : kindOf(name);
  return { names, meaning: description, value: { name, kind, isOptional: optional } };
}

function argumentKind(name: string): ValueKind {
  return /^(id|a|b)$/.test(name) ? "trace" : kindOf(name);
}

/** By what a value is called in help. */
function kindOf(name: string): ValueKind {
  if (/^(file|path|folder|dir|directory)$/.test(name)) return "file";
  if (/^(filter|expression)$/.test(name)) return "filter";
  if (name === "program") return "program";
  // Words that are all there is, as `auto|text|json`.
  return /^[a-z]+(\|[a-z]+)+$/.test(name) ? { words: name.split("|") } : "none";
}

async function daemonOptions(): Promise<DescribedOption[]> {
  const { daemonSettings } = await import("../daemon/daemon-config.ts");
  return Object.values(daemonSettings).flatMap(({ names, value, meaning }): DescribedOption[] => {
    if (names === undefined) return [];
    const [long, short] = names;
    const dashed = [`--${long}`, ...(short === undefined ? [] : [`-${short}`])];
    if (value === undefined) return [{ names: dashed, meaning }];
    return [{ names: dashed, meaning, value: { name: value, kind: kindOf(value), isOptional: false } }];
  });
}
