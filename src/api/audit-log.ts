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

/** Where entries are kept beside the log. */
export interface AuditTrail {
  /** As messages name it. */
  readonly place: string;
  readonly keep: AuditLog;
}

/** Entries in a trail, and in the log. Without a trail in the log alone. */
export function openAuditLog(trail: AuditTrail | undefined, log: Log): AuditLog {
  return async (entry) => {
    const { request: _, ...facts } = entry;
    log.info(facts, "settings were changed");
    try {
      await trail?.keep(entry);
    } catch (error) {
      // The change has been made; that it is not on record is the next best thing to say.
      log.error(
        { path: trail?.place, error: error instanceof Error ? error.message : String(error) },
        "the audit log cannot be written",
      );
    }
  };
}

/** Entries as lines of JSON at the end of a file. */
export function auditFile(path: string): AuditTrail {
  return {
    place: path,
    async keep({ request, ...facts }) {
      await mkdir(dirname(path), { recursive: true });
      await appendFile(path, `${JSON.stringify({ ...facts, request })}\n`, { mode: 0o600 });
    },
  };
}
