import { type FSWatcher, watch } from "node:fs";
import { sep } from "node:path";
import { FluoroscopeError } from "../errors.ts";

/** Editors write a file in several steps, and compilers many files. */
const settleMs = 150;
/** What changes without anybody having written it. */
const unwritten = /^(\.git|node_modules|\.venv|__pycache__)$/;

export interface FileWatch {
  /** Resolves when something has changed since the last time, and is quiet again; never after the signal. */
  changed(): Promise<void>;
  /** May be called twice. */
  close(): void;
}

/** Watches files and folders with all that is below them. Throws `FLUORO_BAD_CONFIG` for what cannot be watched. */
export function watchFiles(paths: readonly string[]): FileWatch {
  let timer: NodeJS.Timeout | undefined;
  let isChanged = false;
  let tell: (() => void) | undefined;
  const settle = (): void => {
    isChanged = true;
    tell?.();
  };
  const note = (_event: string, name: string | null): void => {
    if (name?.split(sep).some((part) => unwritten.test(part))) return;
    clearTimeout(timer);
    timer = setTimeout(settle, settleMs);
  };
  const watchers: FSWatcher[] = [];
  const close = (): void => {
    clearTimeout(timer);
    for (const watcher of watchers.splice(0)) watcher.close();
  };
  for (const path of paths) {
    try {
      // A file that is removed while it is watched is a change, not a failure.
      watchers.push(watch(path, { recursive: true }, note).on("error", () => note("rename", null)));
    } catch (error) {
      close();
      const reason = error instanceof Error && "code" in error ? String(error.code) : String(error);
      const message = `"${path}" cannot be watched (${reason}). Name a file or a folder behind --watch.`;
      throw new FluoroscopeError("FLUORO_BAD_CONFIG", message, { cause: error });
    }
  }
  return {
    changed: () =>
      new Promise((resolve) => {
        tell = () => {
          if (!isChanged) return;
          isChanged = false;
          tell = undefined;
          resolve();
        };
        tell();
      }),
    close,
  };
}
