import { closeSync, fstatSync, mkdirSync, openSync, renameSync, writeSync } from "node:fs";
import { dirname } from "node:path";

export interface LogFileOptions {
  readonly path: string;
  /** The file that is full becomes `<path>.1`, in the place of an older one. Absent: it grows. */
  readonly rotateAtBytes?: number | undefined;
  /** Told once of each trouble, in a sentence. */
  readonly onTrouble: (sentence: string) => void;
}

/** A log file that is appended to, line by line. */
export interface LogFile {
  /** Whether the line is in the file. */
  write(line: string): boolean;
  /** May be called twice. */
  close(): void;
}

/** After trouble, the file is tried again this much later. */
const pauseMs = 60_000;

/** Opens (or makes, with its folders) the file at the first line. No trouble with it ever throws. */
export function openLogFile({ path, rotateAtBytes = Infinity, onTrouble }: LogFileOptions): LogFile {
  let open: OpenFile | undefined;
  let brokenUntilMs = 0;

  const close = (): void => {
    const fd = open?.fd;
    open = undefined;
    try {
      if (fd !== undefined) closeSync(fd);
    } catch {
      // What could not be written has been told of by the write.
    }
  };
  const append = (line: string): void => {
    const bytes = Buffer.byteLength(line);
    open ??= opened(path);
    if (open.isRegular && open.bytes > 0 && open.bytes + bytes > rotateAtBytes) {
      close();
      renameSync(path, `${path}.1`);
      open = opened(path);
    }
    writeSync(open.fd, line);
    open.bytes += bytes;
  };

  return {
    write(line) {
      if (Date.now() < brokenUntilMs) return false;
      try {
        append(line);
        brokenUntilMs = 0;
        return true;
      } catch (error) {
        close();
        const reason = error instanceof Error ? error.message : String(error);
        const remedy = "Check its path, its permissions and the disk.";
        if (brokenUntilMs === 0) onTrouble(`The log file ${path} cannot be written (${reason}). ${remedy}`);
        brokenUntilMs = Date.now() + pauseMs;
        return false;
      }
    },
    close,
  };
}

interface OpenFile {
  readonly fd: number;
  /** Not /dev/stdout, which nobody wants renamed. */
  readonly isRegular: boolean;
  bytes: number;
}

function opened(path: string): OpenFile {
  mkdirSync(dirname(path), { recursive: true });
  const fd = openSync(path, "a");
  const about = fstatSync(fd);
  return { fd, isRegular: about.isFile(), bytes: about.size };
}
