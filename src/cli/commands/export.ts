import { once } from "node:events";
import { createWriteStream, rmSync } from "node:fs";
import { finished } from "node:stream/promises";
import { createGzip } from "node:zlib";
import type { Command } from "commander";
import { askServer, endpointOf, keyVariable } from "../../ask/ask-server.ts";
import { fetchDocuments } from "../../ask/fetch-documents.ts";
import { FluoroscopeError } from "../../errors.ts";
import {
  addHelpEnd,
  addServerOptions,
  addSinceOption,
  type ServerOptions,
  sayFilterMistake,
} from "../common-options.ts";
import { exitCodes } from "../exit-codes.ts";
import type { Terminal } from "../terminal.ts";

interface Options extends ServerOptions {
  readonly since: number;
  readonly output?: string;
}

/** `fluoroscope export`: the documents of a range as they came, one a line, for `import`. */
export function define(command: Command): (terminal: Terminal) => Promise<number> {
  command.argument("[filter]", "X-Ray filter expression");
  addSinceOption(command, "6h").option("-o, --output <file>", "into a file; compressed where its name ends in .gz");
  addServerOptions(command);
  const examples = [
    "fluoroscope export --since 1h -o traces.ndjson.gz",
    "fluoroscope export 'fault' | gzip > faults.ndjson.gz",
  ];
  addHelpEnd(command, examples, [exitCodes.ok, exitCodes.usage, exitCodes.unreachable]);
  return async (terminal) => {
    const options = command.opts<Options>();
    const [filter] = command.args;
    const server = askServer(endpointOf(options.endpoint, terminal.environment), terminal.environment[keyVariable]);
    const now = Date.now() / 1_000;
    // Clocks of other machines may be ahead of ours.
    const question = { startSeconds: now - options.since, endSeconds: now + 60, filter };
    let [traces, documents] = [0, 0];
    const out = options.output === undefined ? toTerminal(terminal) : toFile(options.output);
    try {
      for await (const trace of fetchDocuments(server, question)) {
        // A document may hold line ends between its members; JSON does not need them.
        const lines = trace.documents.map((document) => document.replace(/[\r\n]+/g, " "));
        await out.write(`${lines.join("\n")}\n`);
        traces += 1;
        documents += lines.length;
        terminal.progress(`${traces} traces`);
        if (terminal.outputClosed.aborted) break;
      }
      await out.end();
    } catch (error) {
      out.giveUp();
      return sayFilterMistake(error, filter, terminal);
    }
    terminal.progress("");
    terminal.remark(`${documents} documents of ${traces} traces`);
    return exitCodes.ok;
  };
}

interface Output {
  write(text: string): Promise<void>;
  end(): Promise<void>;
  /** Leaves nothing half written behind. */
  giveUp(): void;
}

function toTerminal(terminal: Terminal): Output {
  return { write: (text) => terminal.write(text), end: async () => {}, giveUp: () => {} };
}

function toFile(path: string): Output {
  const file = createWriteStream(path, { mode: 0o600 });
  const failed = new Promise<never>((_, reject) => {
    file.once("error", (error) => reject(cannotWrite(path, error)));
  });
  // Whoever waits for a write or for the end hears of it.
  failed.catch(() => undefined);
  const gzip = path.endsWith(".gz") ? createGzip() : undefined;
  gzip?.pipe(file);
  const first = gzip ?? file;
  return {
    async write(text) {
      if (!first.write(text)) await Promise.race([once(first, "drain"), failed]);
    },
    async end() {
      first.end();
      await finished(file).catch((error: Error) => Promise.reject(cannotWrite(path, error)));
    },
    giveUp() {
      file.destroy();
      rmSync(path, { force: true });
    },
  };
}

function cannotWrite(path: string, cause: Error): FluoroscopeError {
  const message = `${path} cannot be written: ${cause.message}. Name another file with --output.`;
  return new FluoroscopeError("FLUORO_BAD_CONFIG", message, { cause });
}
