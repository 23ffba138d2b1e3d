import type { Command } from "commander";
import type { CallOrder } from "../call-order.ts";
import { addHelpEnd, addLookOptions, type LookOptions, wholeNumber } from "../common-options.ts";
import { exitCodes } from "../exit-codes.ts";
import type { Terminal } from "../terminal.ts";
import { addSettings, logFor, readSettings, untilStopped } from "./up.ts";

interface Options extends LookOptions {
  readonly call?: boolean;
  readonly rate: number;
}

/** `fluoroscope demo`: `up`, with a shop of several services behind it that sends traces without end. */
export function define(command: Command): (terminal: Terminal) => Promise<number> {
  addSettings(command);
  command
    .option("--call", "first make one traced call to the shop and draw it")
    .option("--rate <number>", "visitors a second", wholeNumber("--rate", 0), 2);
  addLookOptions(command);
  addHelpEnd(
    command,
    ["fluoroscope demo --ephemeral", "fluoroscope demo --call"],
    [exitCodes.ok, exitCodes.usage, exitCodes.unreachable],
  );
  return async (terminal) => {
    const options = command.opts<Options>();
    const config = readSettings(command, terminal);
    const log = logFor(config, terminal);
    const [{ up }, { startShop }] = await Promise.all([import("../../up.ts"), import("../../demo/start-shop.ts")]);
    const stopped = untilStopped();
    const running = await up(config, { log, environment: terminal.environment });
    const { udp, http } = running.addresses;
    try {
      const shop = await startShop({ daemonAddress: udp, rate: options.rate, log });
      try {
        terminal.print(`The demo shop sells at ${shop.url}`);
        if (options.call) await showCall(shop.url, { udp, http }, options, terminal);
        terminal.print(`The console is at ${http}  (Ctrl-C ends)`);
        await stopped;
      } finally {
        await shop.close();
      }
    } finally {
      await running.close();
    }
    return exitCodes.ok;
  };
}

/** The main job, as `fluoroscope call` does it. */
async function showCall(
  url: string,
  { udp, http }: { udp: string; http: string },
  look: LookOptions,
  terminal: Terminal,
): Promise<void> {
  const { callOnce } = await import("../call-once.ts");
  const order: CallOrder = {
    url,
    options: { environment: terminal.environment, daemonAddress: udp },
    flags: { ...look, endpoint: http, daemonAddress: udp, wait: 5, concurrency: 1 },
    output: "drawing",
  };
  terminal.print(["", `$ call -u ${url}`]);
  await callOnce(order, terminal);
  terminal.print("");
}
