import { type Log, silentLog } from "../log.ts";
import { EmbeddedStore } from "./embedded/embedded-store.ts";
import type { TraceStore } from "./trace-store.ts";

export interface StoreOptions {
  /** Of a ClickHouse; absent: files on this machine. */
  readonly address?: string | undefined;
  /** Where the traces are kept; absent: in a temporary directory that goes with the store. */
  readonly dataDir: string | undefined;
  /** Traces that came longer ago than this are dropped by `prune`. */
  readonly retentionSeconds?: number | undefined;
  /** When the files are larger than this, `prune` drops the oldest traces. */
  readonly maxBytes?: number | undefined;
  readonly log?: Log;
  /** Milliseconds. */
  readonly now?: () => number;
}

/** The store of this machine. It opens its files, and its threads, at the first question. */
export async function openStore(options: StoreOptions): Promise<TraceStore> {
  const { dataDir: directory, retentionSeconds, maxBytes, log = silentLog, now = Date.now } = options;
  return new EmbeddedStore({ directory, retentionSeconds, maxBytes, log, now });
}
