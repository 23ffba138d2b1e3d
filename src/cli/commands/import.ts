import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import type { Command } from "commander";
import { readTraceFile } from "../../analysis/read-trace-file.ts";
import { askServer, endpointOf, keyVariable, type Server } from "../../ask/ask-server.ts";
import { sendDocuments, sendOtlp } from "../../ask/send-documents.ts";
import { FluoroscopeError } from "../../errors.ts";
import { addHelpEnd, addServerOptions, type ServerOptions } from "../common-options.ts";
import { exitCodes } from "../exit-codes.ts";
import type { Terminal } from "../terminal.ts";

/** What a file may grow to when it is decompressed: as much as fits into one text. */
const mostBytes = 500 * 10 ** 6;
const shown = 10;

/** `fluoroscope import <files>`: puts traces from files into a running fluoroscope. */
export function define(command: Command): (terminal: Terminal) => Promise<number> {
  command.argument(
    "<files...>",
    "documents one a line, what BatchGetTraces answers, or OTLP's JSON; - reads them from a pipe",
  );
  addServerOptions(command);
  const examples = [
    "fluoroscope import traces.ndjson.gz",
    "aws xray batch-get-traces --trace-ids 1-… | fluoroscope import -",
  ];
  addHelpEnd(
    command,
    examples,
    [exitCodes.ok, exitCodes.usage, exitCodes.unreachable],
    "1 also where something was refused.",
  );
  return async (terminal) => {
    const key = terminal.environment[keyVariable];
    const server = askServer(endpointOf(command.opts<ServerOptions>().endpoint, terminal.environment), key);
    let isWhole = true;
    for (const name of command.args) {
      const bytes = name === "-" ? await terminal.readInput() : readBytes(name);
      isWhole = (await importOne({ name, text: decompressed(name, bytes) }, { server, key, terminal })) && isWhole;
    }
    return isWhole ? exitCodes.ok : exitCodes.usage;
  };
}

interface Surroundings {
  readonly server: Server;
  readonly key: string | undefined;
  readonly terminal: Terminal;
}

/** False when not all of it was taken. */
async function importOne(
  { name, text }: { name: string; text: string },
  { server, key, terminal }: Surroundings,
): Promise<boolean> {
  const file = readTraceFile(text);
  if (file.kind === "unreadable") throw badFile(name, file.message);
  if (file.kind === "otlp") {
    const { rejected, reason } = await sendOtlp(server, file.requests, key);
    if (rejected > 0) terminal.remark(`${name}: ${rejected} spans were rejected: ${reason}`);
    else terminal.print(`${name}: all spans were taken.`);
    return rejected === 0;
  }
  const { documents } = file;
  const refused = await sendDocuments(server, documents, (sent) =>
    terminal.progress(`${name}: ${sent} of ${documents.length}`),
  );
  terminal.progress("");
  terminal.print(`${name}: ${documents.length - refused.length} of ${documents.length} documents were taken.`);
  for (const { Id = "?", ErrorCode, Message } of refused.slice(0, shown)) {
    terminal.remark(`  ${Id}  ${ErrorCode}: ${Message}`);
  }
  if (refused.length > shown) terminal.remark(`  … and ${refused.length - shown} more: see fluoroscope problems`);
  return refused.length === 0;
}

function readBytes(path: string): Buffer {
  try {
    return readFileSync(path);
  } catch (error) {
    throw badFile(path, `It cannot be read: ${error instanceof Error ? error.message : error}.`);
  }
}

function decompressed(name: string, bytes: Buffer): string {
  const isGzip = bytes[0] === 0x1f && bytes[1] === 0x8b;
  try {
    return (isGzip ? gunzipSync(bytes, { maxOutputLength: mostBytes }) : bytes).toString("utf8");
  } catch (error) {
    throw badFile(name, `It cannot be decompressed: ${error instanceof Error ? error.message : error}.`);
  }
}

function badFile(name: string, what: string): FluoroscopeError {
  return new FluoroscopeError("FLUORO_BAD_CONFIG", `${name} was not imported. ${what}`);
}
