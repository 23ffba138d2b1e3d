import { appendFile, mkdir } from "node:fs/promises";
import { dirname } from "node:path";
import type { Log } from "../log.ts";

/** One administrative call: who changed what, and how it went. */
interface AuditEntry {
  readonly time: string;
  readonly operation: string;
  /** The access key's id; absent where nobody has to have one. */
  readonly key?: string;
  readonly address: string;
  readonly request: unknown;
  /** `ok`, or the error's code. */
  readonly outcome: string;
}

/** Takes entries; each is written before the call is answered. */
export type AuditLog = (entry: AuditEntry) => Promise<void>;

/** Entries as lines of JSON at the end of a file, and in the log. Without a file in the log alone. */
export function openAuditLog(path: string | undefined, log: Log): AuditLog {
  return async (entry) => {
    const { request, ...facts } = entry;
    log.info(facts, "settings were changed");
    if (path === undefined) return;
    try {
      await mkdir(dirname(path), { recursive: true });
      await appendFile(path, `${JSON.stringify({ ...facts, request })}\n`, { mode: 0o600 });
    } catch (error) {
      // The change has been made; that it is not on record is the next best thing to say.
      log.error(
        { path, error: error instanceof Error ? error.message : String(error) },
        "the audit log cannot be written",
      );
    }
  };
}
