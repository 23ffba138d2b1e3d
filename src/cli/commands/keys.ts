import type { Command } from "commander";
import type { AccessKey } from "../../api/access-keys.ts";
import { FluoroscopeError } from "../../errors.ts";
import { addHelpEnd, addLookOptions, type LookOptions } from "../common-options.ts";
import { exitCodes } from "../exit-codes.ts";
import type { Terminal } from "../terminal.ts";
import { addSettings, logFor, readSettings } from "./up.ts";

/** `fluoroscope keys [file]`: the access keys that hold on all nodes of a store; with a file, from now on those in it. */
export function define(command: Command): (terminal: Terminal) => Promise<number> {
  addSettings(
    command.argument("[file]", "access keys, written as for --keys-file, that take the place of those before"),
  );
  addLookOptions(command);
  addHelpEnd(
    command,
    ["fluoroscope keys --store clickhouse://db.example/traces", "fluoroscope keys keys.json"],
    [exitCodes.ok, exitCodes.usage, exitCodes.unreachable],
  );
  return async (terminal) => {
    const config = readSettings(command, terminal);
    if (config.store === undefined) throw noStore();
    const [{ openSharedKeys }, { readAccessKeys }] = await Promise.all([
      import("../../nodes/open-nodes.ts"),
      import("../../api/access-keys.ts"),
    ]);
    const [file] = command.args;
    const given = file === undefined ? undefined : [...readAccessKeys({ file }).values()];
    const shared = await openSharedKeys<AccessKey>(config.store, logFor(config, terminal));
    try {
      if (given !== undefined) await shared.list.change(() => ({ document: { keys: given }, result: undefined }));
      await show((await shared.list.read()).keys, terminal, command.opts<LookOptions>());
      return exitCodes.ok;
    } finally {
      await shared.close();
    }
  };
}

/** Without their secrets. */
async function show(keys: readonly AccessKey[], terminal: Terminal, options: LookOptions): Promise<void> {
  if (keys.length === 0) {
    terminal.print("No access key holds on all nodes.");
    return;
  }
  const style = await terminal.style(options);
  const { drawTable } = await import("../term/table.ts");
  const columns = [
    { title: "key", text: ({ id }: AccessKey) => id, paint: style.paint.bold },
    { title: "for", text: ({ access }: AccessKey) => access },
    { title: "whose", text: ({ name }: AccessKey) => name ?? "", isFlexible: true },
  ];
  terminal.print(drawTable(columns, keys, style));
}

function noStore(): FluoroscopeError {
  const message = "Keys are shared by the nodes of a store, and none is named. Say which with --store.";
  return new FluoroscopeError("FLUORO_BAD_CONFIG", message);
}
