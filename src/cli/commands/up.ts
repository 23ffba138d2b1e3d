import type { Command } from "commander";
import { type Config, readConfig, settings } from "../../config.ts";
import { createLog } from "../../log.ts";
import { addHelpEnd } from "../common-options.ts";
import { exitCodes } from "../exit-codes.ts";
import type { Terminal } from "../terminal.ts";

/** `fluoroscope up`: daemon, API, store and console in one process, until it is told to stop. */
export function define(command: Command): (terminal: Terminal) => Promise<number> {
  addSettings(command);
  addHelpEnd(
    command,
    [
      "fluoroscope up",
      "fluoroscope up --port 2100 --ephemeral",
      "fluoroscope up --retention 30d --max-size 50GB",
      "fluoroscope up --keep fault --keep 'responsetime > 2' --keep-rest 10%",
    ],
    [exitCodes.ok, exitCodes.usage, exitCodes.unreachable],
  );
  return async (terminal) => {
    const config = readSettings(command, terminal);
    const { up } = await import("../../up.ts");
    const running = await up(config, { log: logFor(config, terminal), environment: terminal.environment });
    await untilStopped();
    await running.close();
    return exitCodes.ok;
  };
}

/** The options that the table of settings gives, and the file that may hold them. */
export function addSettings(command: Command): void {
  for (const setting of Object.values(settings)) {
    const fallback = setting.fallbackText?.replaceAll("`", "") ?? String(setting.fallback({}));
    const shown = setting.value === undefined ? "" : ` (default: ${fallback})`;
    const flag = setting.flag + (setting.value === undefined ? "" : ` <${setting.value}>`);
    if (setting.isRepeatable) command.option(flag, setting.meaning + shown, addLine);
    else command.option(flag, setting.meaning + shown);
  }
  command.option(
    "--config <file>",
    "JSON file with settings (default: fluoroscope/config.json in $XDG_CONFIG_HOME, or in ~/.config)",
  );
}

/** A line for each time that the flag stands. */
const addLine = (value: string, before: string | undefined): string =>
  before === undefined ? value : `${before}\n${value}`;

/** Settings from options, environment and file. */
export function readSettings(command: Command, terminal: Terminal): Config {
  return readSettingsWithOrigins(command, terminal).config;
}

export function readSettingsWithOrigins(command: Command, { environment }: Terminal): ReturnType<typeof readConfig> {
  const options = command.opts<Options>();
  const flags = Object.fromEntries(Object.entries(settings).map(([key, { flag }]) => [key, given(options, key, flag)]));
  const file = textOf(options.config);
  return readConfig({ flags, environment, ...(file !== undefined && { file }) });
}

type Options = Record<string, string | boolean | undefined>;

/** Commander keeps `--no-store` and `--store` in one place: `false` is the former. */
function given(options: Options, key: string, flag: string): string | undefined {
  if (!flag.startsWith("--no-")) return textOf(options[key]);
  const opposite = key.slice(2, 3).toLowerCase() + key.slice(3);
  return options[opposite] === false ? "true" : undefined;
}

const textOf = (value: string | boolean | undefined): string | undefined =>
  typeof value === "boolean" ? (value ? "true" : undefined) : value;

/** The log that the settings ask for: lines for people on a terminal, JSON elsewhere. */
export function logFor({ logFormat, logLevel }: Config, { isErrorTty }: Terminal): ReturnType<typeof createLog> {
  const isText = logFormat === "text" || (logFormat === "auto" && isErrorTty);
  return createLog({ format: isText ? "text" : "json", level: logLevel, colour: isErrorTty });
}

/** Resolves at the first SIGINT or SIGTERM. A second one ends the process at once. */
export function untilStopped(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => resolve());
  });
}
