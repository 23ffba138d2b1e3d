import { type FileHandle, open } from "node:fs/promises";
import type { ResponseHead } from "../call/exchange.ts";
import { FluoroscopeError } from "../errors.ts";
import type { CallOrder } from "./call-order.ts";
import type { Terminal } from "./terminal.ts";

/** Where a response goes while it comes in. */
export interface ResponseSink {
  head(head: ResponseHead): void;
  /** Absent: the call collects the body. */
  readonly body?: (chunk: Uint8Array) => Promise<void>;
  /** The beginning of a body that is neither printed nor written. */
  preview(): Uint8Array;
  close(): Promise<void>;
}

const previewBytes = 4_096;

/** To standard output or a file, as curl does it; where a drawing is made, and nobody asked for more, nowhere. */
export async function openSink({ flags, output }: CallOrder, terminal: Terminal): Promise<ResponseSink> {
  const path = flags.output === "-" ? undefined : flags.output;
  const file = path === undefined ? undefined : await openFile(path);
  const wantsHead = flags.include || flags.head;
  const isShown = output === "body" || (output === "drawing" && (wantsHead || flags.output === "-"));
  const toStdout = file === undefined && isShown;
  const kept: Uint8Array[] = [];
  let keptBytes = 0;
  let isLeftOut = false;
  let written: Promise<void> = Promise.resolve();
  const write = async (bytes: Uint8Array | string): Promise<void> => {
    if (file) await file.write(typeof bytes === "string" ? Buffer.from(bytes) : bytes);
    else await terminal.write(bytes);
  };
  const body = async (chunk: Uint8Array): Promise<void> => {
    await written;
    if (file || toStdout) {
      if (!isLeftOut) await write(chunk);
    } else if (keptBytes < previewBytes) {
      kept.push(chunk);
      keptBytes += chunk.length;
    }
  };
  return {
    head(head) {
      isLeftOut = (flags.fail ?? false) && head.status >= 400;
      if (wantsHead && (toStdout || file)) written = write(headText(head));
    },
    ...((output !== "json" || file) && { body }),
    preview: () => Buffer.concat(kept).subarray(0, previewBytes),
    async close() {
      await written;
      await file?.close();
      if (output === "drawing" && toStdout) terminal.print("");
    },
  };
}

async function openFile(path: string): Promise<FileHandle> {
  try {
    return await open(path, "w");
  } catch (error) {
    const reason = error instanceof Error && "code" in error ? String(error.code) : String(error);
    const message = `The file ${path} cannot be written (${reason}). Choose another one for -o.`;
    throw new FluoroscopeError("FLUORO_BAD_CONFIG", message, { cause: error });
  }
}

function headText({ httpVersion, status, statusText, headers }: ResponseHead): string {
  const lines = headers.map(([name, value]) => `${name}: ${value}`);
  return `${[`HTTP/${httpVersion} ${status} ${statusText}`, ...lines].join("\r\n")}\r\n\r\n`;
}
