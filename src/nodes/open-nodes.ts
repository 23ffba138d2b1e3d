import type { Log } from "../log.ts";
import type { Targets } from "../sampling/answer-reports.ts";
import type { DocumentStore } from "../settings/document-store.ts";
import { parseClickHouseAddress } from "../store/clickhouse/address.ts";
import { connectClickHouse } from "../store/clickhouse/connect.ts";
import { freeLease, holdLease } from "./lease.ts";
import { sharedAudit } from "./shared-audit.ts";
import { sharedDocument } from "./shared-document.ts";
import { SharedTargets } from "./shared-targets.ts";
import { tableStatements } from "./tables.ts";
import { watchClickHouse } from "./watch-clickhouse.ts";

/** What all fluoroscopes on one ClickHouse have in common beside the traces. None of them keeps any of it itself. */
export interface Nodes {
  document<D extends object>(name: string, initial: D): DocumentStore<D>;
  readonly targets: Targets;
  readonly audit: ReturnType<typeof sharedAudit>;
  /** Whether it falls to this one, for now, to look for insights. */
  holdsWatch(): Promise<boolean>;
  /** Why ClickHouse cannot be used at present, in one sentence. */
  trouble(): string | undefined;
  /** May be called twice. */
  close(): Promise<void>;
}

/** Joins the others. The tables are made where there are none; the database is there: the store has been opened. */
export async function openNodes(storeAddress: string, log: Log): Promise<Nodes> {
  const address = parseClickHouseAddress(storeAddress);
  const clickhouse = connectClickHouse(address, { timeoutMs: 10_000 });
  try {
    for (const statement of tableStatements(address)) await clickhouse.run(statement);
  } catch (error) {
    await clickhouse.close();
    throw error;
  }
  const watch = watchClickHouse(address, log);
  const document: Nodes["document"] = (name, initial) => sharedDocument(clickhouse, name, initial, { log });
  return {
    document,
    targets: new SharedTargets(clickhouse, log),
    audit: sharedAudit(clickhouse),
    holdsWatch: holdLease(document("insight-watch", freeLease)),
    trouble: () => watch.trouble(),
    async close() {
      await Promise.all([watch.close(), clickhouse.close()]);
    },
  };
}
