import { resolve } from "node:path";
import type { Command } from "commander";
import { FluoroscopeError } from "../../errors.ts";
import { bytesText } from "../../quantities.ts";
import { addHelpEnd } from "../common-options.ts";
import { exitCodes } from "../exit-codes.ts";
import type { Terminal } from "../terminal.ts";
import { addSettings, readSettingsWithOrigins } from "./up.ts";

/** `fluoroscope backup <folder>`: a copy of the data folder, while fluoroscope runs. */
export function define(command: Command): (terminal: Terminal) => Promise<number> {
  addSettings(
    command.argument("<folder>", "where the copy goes; made when it is missing, refused when it is not empty"),
  );
  const examples = ["fluoroscope backup /backups/monday", "fluoroscope up --data-dir /backups/monday"];
  addHelpEnd(command, examples, [exitCodes.ok, exitCodes.usage]);
  return async (terminal) => {
    const { config } = readSettingsWithOrigins(command, terminal);
    if (config.store !== undefined) throw elsewhere();
    const to = resolve(command.args[0]!);
    const { backUpStore } = await import("../../store/back-up-store.ts");
    const { parts, bytes } = await backUpStore({ dataDir: config.dataDir, to }, (done, of) =>
      terminal.progress(`${done} of ${of} parts`),
    );
    terminal.progress("");
    terminal.print(
      `${to} has ${parts} ${parts === 1 ? "part" : "parts"}, ${bytesText(bytes)}, and is a data folder of its own.`,
    );
    return exitCodes.ok;
  };
}

function elsewhere(): FluoroscopeError {
  const message =
    "With --store there is no data folder to copy. Use ClickHouse's own BACKUP DATABASE, see docs/scale.md.";
  return new FluoroscopeError("FLUORO_BAD_CONFIG", message);
}
