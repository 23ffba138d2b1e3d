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
  /** Takes away what is on the screen, where there is one. */
  clear(): void;
  readInput(): Promise<Buffer>;
  /** Aborted when the reader of standard output has gone, as `head` does. */
  readonly outputClosed: AbortSignal;
  style(choice: StyleChoice): Promise<Style>;
}

interface StyleChoice {
  readonly color?: string;
  readonly ascii?: boolean;
}

/** The process's own terminal. Streams are made on first use, which takes Node a millisecond each. */
export function openTerminal(): Terminal {
  const { env } = process;
  const closed = new AbortController();
  const stdout = once(() => {
    process.stdout.on("error", (error: NodeJS.ErrnoException) => {
      if (error.code !== "EPIPE") throw error;
      closed.abort(error);
    });
    return process.stdout;
  });
  const stderr = once(() => {
    // Nobody left to read a remark: no reason to fail.
    process.stderr.on("error", () => undefined);
    return process.stderr;
  });
  let isProgressShown = false;
  const clearProgress = (): void => {
    if (isProgressShown) stderr().write("\r\u001b[K");
    isProgressShown = false;
  };
  return {
    environment: env,
    get isOutputTty() {
      return stdout().isTTY ?? false;
    },
    get isErrorTty() {
      return stderr().isTTY ?? false;
    },
    outputClosed: closed.signal,
    print(lines) {
      clearProgress();
      const all = typeof lines === "string" ? [lines] : lines;
      if (all.length > 0 && !closed.signal.aborted) stdout().write(`${all.join("\n")}\n`);
    },
    async write(bytes) {
      clearProgress();
      if (closed.signal.aborted || stdout().write(bytes)) return;
      await new Promise<void>((resolve) => {
        const goOn = (): void => {
          stdout().off("drain", goOn);
          closed.signal.removeEventListener("abort", goOn);
          resolve();
        };
        stdout().on("drain", goOn);
        closed.signal.addEventListener("abort", goOn);
      });
    },
    remark(line) {
      clearProgress();
      stderr().write(`${line}\n`);
    },
    progress(line) {
      clearProgress();
      if (line === "" || !stderr().isTTY) return;
      stderr().write(line);
      isProgressShown = true;
    },
    clear() {
      clearProgress();
      // What has scrolled out of sight stays.
      if (stdout().isTTY) stdout().write("\u001b[H\u001b[2J");
    },
    async readInput() {
      const chunks: Buffer[] = [];
      for await (const chunk of process.stdin) chunks.push(chunk);
      return Buffer.concat(chunks);
    },
    async style({ color = "auto", ascii }) {
      const { makeStyle } = await import("./term/style.ts");
      const columns = stdout().columns ?? (Number(env.COLUMNS) || undefined);
      return makeStyle({
        ...(columns !== undefined && { columns }),
        colour: color === "always" || (color === "auto" && wantsColour(env, stdout().isTTY ?? false)),
        ascii: ascii ?? !speaksUtf8(env, process.platform),
        links: takesLinks(env, stdout().isTTY ?? false),
      });
    },
  };
}

function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}

/** https://no-color.org and https://force-color.org; otherwise colours are for terminals that know them. */
export function wantsColour({ NO_COLOR, FORCE_COLOR, TERM }: Environment, isTty: boolean): boolean {
  if ((NO_COLOR ?? "") !== "") return false;
  if (FORCE_COLOR !== undefined) return FORCE_COLOR !== "0" && FORCE_COLOR !== "false";
  return isTty && TERM !== "dumb";
}

/** OSC 8: `FORCE_HYPERLINK`, else by the terminals that are known for it. Others may print the sequence. */
export function takesLinks(environment: Environment, isTty: boolean): boolean {
  const { FORCE_HYPERLINK, TERM = "", TERM_PROGRAM = "", VTE_VERSION, WT_SESSION, CI, TMUX } = environment;
  if (FORCE_HYPERLINK !== undefined) return FORCE_HYPERLINK !== "0";
  if (!isTty || TERM === "dumb" || (CI ?? "") !== "" || (TMUX ?? "") !== "") return false;
  if (/^(iTerm\.app|WezTerm|vscode|ghostty|Hyper|rio)$/.test(TERM_PROGRAM)) return true;
  return /kitty|ghostty|foot|alacritty|contour/.test(TERM) || WT_SESSION !== undefined || Number(VTE_VERSION) >= 5_000;
}

/** By the locale, whose most specific variable counts. Windows' terminals speak it whatever the locale. */
export function speaksUtf8({ LC_ALL, LC_CTYPE, LANG }: Environment, platform: string): boolean {
  const locale = [LC_ALL, LC_CTYPE, LANG].find((name) => (name ?? "") !== "") ?? "";
  return platform === "win32" || /utf-?8/i.test(locale);
}
