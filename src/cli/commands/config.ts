import type { Command } from "commander";
import { type Origin, type Setting, settings } from "../../config.ts";
import { addHelpEnd, addLookOptions, type LookOptions } from "../common-options.ts";
import { exitCodes } from "../exit-codes.ts";
import type { Terminal } from "../terminal.ts";
import { addSettings, readSettingsWithOrigins } from "./up.ts";

interface Options extends LookOptions {
  readonly json?: boolean;
}

/** `fluoroscope config`: what `up` with the same options and environment would run with, and why. */
export function define(command: Command): (terminal: Terminal) => Promise<number> {
  addSettings(command);
  addLookOptions(command.option("--json", "as JSON"));
  addHelpEnd(command, ["fluoroscope config", "fluoroscope config --port 2100 --json"], [exitCodes.ok, exitCodes.usage]);
  return async (terminal) => {
    const options = command.opts<Options>();
    const { config, origins } = readSettingsWithOrigins(command, terminal);
    const rows = Object.entries<Setting<unknown>>(settings).map(([key, { flag, hideSecrets }]) => ({
      key,
      flag,
      value: shown(config[key as keyof typeof config], hideSecrets),
      origin: origins[key as keyof typeof origins],
    }));
    if (options.json) {
      const members = rows.map(({ key, value, origin }) => [key, { value, from: origin }]);
      terminal.print(JSON.stringify(Object.fromEntries(members), undefined, 2));
      return exitCodes.ok;
    }
    const style = await terminal.style(options);
    const { drawTable } = await import("../term/table.ts");
    const columns = [
      { title: "setting", text: (row: (typeof rows)[number]) => row.flag, paint: style.paint.bold },
      { title: "value", text: ({ value }: (typeof rows)[number]) => describeValue(value), isFlexible: true },
      { title: "from", text: ({ origin }: (typeof rows)[number]) => describeOrigin(origin) },
    ];
    terminal.print(drawTable(columns, rows, style));
    return exitCodes.ok;
  };
}

function shown(value: unknown, hideSecrets: Setting<unknown>["hideSecrets"]): unknown {
  return hideSecrets === undefined || typeof value !== "string" ? value : hideSecrets(value);
}

/** Choices as they are written: `key=value,…`. */
function describeValue(value: unknown): string {
  if (Array.isArray(value)) return value.length === 0 ? "none" : value.join("; ");
  if (typeof value !== "object" || value === null) return String(value ?? "none");
  return Object.entries(value)
    .map(([key, word]) => `${key}=${word}`)
    .join(",");
}

function describeOrigin({ kind, name }: Origin): string {
  switch (kind) {
    case "default":
      return "default";
    case "file":
      return name;
    case "flag":
      return "option";
    case "environment":
      return `$${name}`;
    default:
      return kind satisfies never;
  }
}
