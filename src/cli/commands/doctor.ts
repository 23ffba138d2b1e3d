import type { Command } from "commander";
import type { Status } from "../../api/wire.ts";
import { findServer, keyVariable } from "../../ask/ask-server.ts";
import type { Config } from "../../config.ts";
import type { Finding, Running } from "../../doctor/finding.ts";
import { addHelpEnd, addLookOptions, type LookOptions } from "../common-options.ts";
import { exitCodes } from "../exit-codes.ts";
import type { Terminal } from "../terminal.ts";
import { addSettings, readSettingsWithOrigins } from "./up.ts";

interface Options extends LookOptions {
  readonly json?: boolean;
}

/** `fluoroscope doctor`: whether this machine is ready for `up`, and what to do where it is not. */
export function define(command: Command): (terminal: Terminal) => Promise<number> {
  addSettings(command);
  addLookOptions(command.option("--json", "as JSON"));
  const codes = [exitCodes.ok, exitCodes.usage, exitCodes.unreachable];
  addHelpEnd(
    command,
    ["fluoroscope doctor", "fluoroscope doctor --port 2100 --json"],
    codes,
    "2 also where something is in the way.",
  );
  return async (terminal) => {
    const options = command.opts<Options>();
    const { config } = readSettingsWithOrigins(command, terminal);
    const { examine } = await import("../../doctor/examine.ts");
    const { environment } = terminal;
    const findings = await examine({ config, environment, running: await askRunning(config, environment) });
    if (options.json) terminal.print(JSON.stringify(findings, undefined, 2));
    else terminal.print(await draw(findings, await terminal.style(options)));
    return findings.some(({ kind }) => kind === "trouble") ? exitCodes.unreachable : exitCodes.ok;
  };
}

async function askRunning({ host, port }: Config, environment: Terminal["environment"]): Promise<Running | undefined> {
  const reachable =
    host === "0.0.0.0" ? "127.0.0.1" : host === "::" ? "[::1]" : host.includes(":") ? `[${host}]` : host;
  const server = port === 0 ? undefined : await findServer(`http://${reachable}:${port}`, environment[keyVariable]);
  const status = await server?.get<Status>("/api/status");
  if (status === undefined) return undefined;
  const { version, counters, receiver } = status;
  return { version, refused: counters.refused, dropped: counters.dropped, lostBySystem: receiver.lostBySystem };
}

type Style = Awaited<ReturnType<Terminal["style"]>>;

async function draw(findings: readonly Finding[], { glyphs, paint, width }: Style): Promise<string[]> {
  const [{ wrap }, { cleanText }] = await Promise.all([import("../term/fit-text.ts"), import("../term/clean-text.ts")]);
  const marks: Readonly<Record<Finding["kind"], string>> = {
    fine: paint.ok(glyphs.check),
    note: paint.error(glyphs.marks.error),
    trouble: paint.fault(glyphs.marks.fault),
  };
  const indent = " ".repeat(17);
  const lines = findings.flatMap(({ kind, subject, text, remedy }) => {
    const [first = "", ...rest] = wrap(cleanText(text, glyphs), width - indent.length);
    return [
      `${marks[kind]} ${subject.padEnd(indent.length - 2)}${first}`,
      ...rest.map((line) => indent + line),
      ...wrap(cleanText(remedy ?? "", glyphs), width - indent.length)
        .filter((line) => line !== "")
        .map((line) => indent + paint.bold(line)),
    ];
  });
  const troubles = findings.filter(({ kind }) => kind === "trouble").length;
  const notes = findings.filter(({ kind }) => kind === "note").length;
  const count = (number: number, word: string): string => `${number} ${word}${number === 1 ? "" : "s"}`;
  const verdict =
    troubles === 0 && notes === 0 ? "All is well." : `${count(troubles, "trouble")}, ${count(notes, "note")}.`;
  return [...lines, "", verdict];
}
