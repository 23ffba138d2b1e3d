import { once } from "node:events";
import type { Style } from "./term/style.ts";

export type Environment = Readonly<Record<string, string | undefined>>;

/** Where a command reads and writes. */
export interface Terminal {
  readonly environment: Environment;
  /** Whether results, and remarks, are shown to a person. */
  readonly isOutputTty: boolean;
  readonly isErrorTty: boolean;
  /** To standard output, each with a line end. */
  print(lines: string | readonly string[]): void;
  /** Raw bytes to standard output; resolves when there is room for more. */
  write(bytes: Uint8Array | string): Promise<void>;
  /** A remark to standard error. */
  remark(line: string): void;
  /** A line on standard error that the next one replaces; an empty one takes it away. Nothing unless on a terminal. */
  progress(line: string): void;
  readInput(): Promise<Buffer>;
  /** Aborted when the reader of standard output has gone, as `head` does. */
  readonly outputClosed: AbortSignal;
  style(choice: StyleChoice): Promise<Style>;
}

interface StyleChoice {
  readonly color?: string;
  readonly ascii?: boolean;
}

/** The process's own terminal. */
export function openTerminal(): Terminal {
  const { stdout, stderr, stdin, env } = process;
  const closed = new AbortController();
  stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code !== "EPIPE") throw error;
    closed.abort(error);
  });
  // Nobody left to read a remark: no reason to fail.
  stderr.on("error", () => closed.abort());
  let isProgressShown = false;
  const clearProgress = (): void => {
    if (isProgressShown) stderr.write("\r\u001b[K");
    isProgressShown = false;
  };
  const print = (text: string): void => {
    if (!closed.signal.aborted) stdout.write(text);
  };
  return {
    environment: env,
    isOutputTty: stdout.isTTY ?? false,
    isErrorTty: stderr.isTTY ?? false,
    outputClosed: closed.signal,
    print(lines) {
      clearProgress();
      const all = typeof lines === "string" ? [lines] : lines;
      if (all.length > 0) print(`${all.join("\n")}\n`);
    },
    async write(bytes) {
      clearProgress();
      if (closed.signal.aborted || stdout.write(bytes)) return;
      await Promise.race([once(stdout, "drain"), once(closed.signal, "abort")]);
    },
    remark(line) {
      clearProgress();
      stderr.write(`${line}\n`);
    },
    progress(line) {
      if (!stderr.isTTY) return;
      clearProgress();
      if (line === "") return;
      stderr.write(line);
      isProgressShown = true;
    },
    async readInput() {
      const chunks: Buffer[] = [];
      for await (const chunk of stdin) chunks.push(chunk);
      return Buffer.concat(chunks);
    },
    async style({ color = "auto", ascii }) {
      const { makeStyle } = await import("./term/style.ts");
      const columns = stdout.columns ?? (Number(env.COLUMNS) || undefined);
      return makeStyle({
        ...(columns !== undefined && { columns }),
        colour: color === "always" || (color === "auto" && wantsColour(env, stdout.isTTY ?? false)),
        ascii: ascii ?? !speaksUtf8(env, process.platform),
      });
    },
  };
}

/** https://no-color.org and https://force-color.org; otherwise colours are for terminals that know them. */
export function wantsColour({ NO_COLOR, FORCE_COLOR, TERM }: Environment, isTty: boolean): boolean {
  if ((NO_COLOR ?? "") !== "") return false;
  if (FORCE_COLOR !== undefined) return FORCE_COLOR !== "0" && FORCE_COLOR !== "false";
  return isTty && TERM !== "dumb";
}

/** By the locale, whose most specific variable counts. Windows' terminals speak it whatever the locale. */
export function speaksUtf8({ LC_ALL, LC_CTYPE, LANG }: Environment, platform: string): boolean {
  const locale = [LC_ALL, LC_CTYPE, LANG].find((name) => (name ?? "") !== "") ?? "";
  return platform === "win32" || /utf-?8/i.test(locale);
}
