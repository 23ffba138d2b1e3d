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
  /** When the files of this machine are larger than this, `prune` drops the oldest traces. */
  readonly maxBytes?: number | undefined;
  readonly log?: Log;
  /** Milliseconds. */
  readonly now?: () => number;
}

/** The store at that address, or that of this machine. It opens what it needs at the first question. */
export async function openStore(options: StoreOptions): Promise<TraceStore> {
  const { address, dataDir: directory, retentionSeconds, maxBytes, log = silentLog, now = Date.now } = options;
  if (address !== undefined) {
    // How much fits on this machine says nothing of a database elsewhere: there it is age alone.
    const { ClickHouseStore } = await import("./clickhouse/clickhouse-store.ts");
    return new ClickHouseStore({ address, retentionSeconds, log, now });
  }
  return new EmbeddedStore({ directory, retentionSeconds, maxBytes, log, now });
}
