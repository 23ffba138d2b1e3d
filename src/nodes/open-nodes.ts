import type { Log } from "../log.ts";
import type { Targets } from "../sampling/answer-reports.ts";
import type { DocumentStore } from "../settings/document-store.ts";
import { type ClickHouseAddress, parseClickHouseAddress } from "../store/clickhouse/address.ts";
import { type ClickHouse, connectClickHouse } from "../store/clickhouse/connect.ts";
import { freeLease, holdLease } from "./lease.ts";
import { sharedAudit } from "./shared-audit.ts";
import { sharedDocument } from "./shared-document.ts";
import { type FollowedKeys, followKeys, type KeyList } from "./shared-keys.ts";
import { SharedTargets } from "./shared-targets.ts";
import { tableStatements } from "./tables.ts";
import { watchClickHouse } from "./watch-clickhouse.ts";

/** What is shared is small: a server that needs longer for it is as good as gone, and there is what was last known. */
const timeoutMs = 5_000;

/** What all fluoroscopes on one ClickHouse have in common beside the traces. None of them keeps any of it itself. */
export interface Nodes {
  document<D extends object>(name: string, initial: D): DocumentStore<D>;
  /** Those that hold on all nodes, and this one's own, see `followKeys`. */
  keys<Key extends { readonly id: string }>(own: ReadonlyMap<string, Key>): Promise<ReadonlyMap<string, Key>>;
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
  const clickhouse = await connected(address);
  const watch = watchClickHouse(address, log);
  const document: Nodes["document"] = (name, initial) => {
    const opened = sharedDocument(clickhouse, name, initial, { log });
    // So that it is known should the database go away before anybody asks; whoever asks hears what is wrong.
    opened.read().catch(() => undefined);
    return opened;
  };
  const followed: FollowedKeys<unknown>[] = [];
  return {
    document,
    async keys<Key extends { readonly id: string }>(own: ReadonlyMap<string, Key>) {
      const following = await followKeys<Key>(document("keys", { keys: [] }), own);
      followed.push(following);
      return following.keys;
    },
    targets: new SharedTargets(clickhouse, log),
    audit: sharedAudit(clickhouse),
    holdsWatch: holdLease(document("insight-watch", freeLease)),
    trouble: () => watch.trouble(),
    async close() {
      for (const each of followed) each.close();
      await Promise.all([watch.close(), clickhouse.close()]);
    },
  };
}

/** The list of keys that hold on all nodes of a store, for whoever changes it from outside. */
export async function openSharedKeys<Key>(
  storeAddress: string,
  log: Log,
): Promise<{ readonly list: DocumentStore<KeyList<Key>>; close(): Promise<void> }> {
  const clickhouse = await connected(parseClickHouseAddress(storeAddress));
  return {
    list: sharedDocument<KeyList<Key>>(clickhouse, "keys", { keys: [] }, { log }),
    close: () => clickhouse.close(),
  };
}

async function connected(address: ClickHouseAddress): Promise<ClickHouse> {
  const clickhouse = connectClickHouse(address, { timeoutMs, retryMs: [0] });
  try {
    for (const statement of tableStatements(address)) await clickhouse.run(statement);
    return clickhouse;
  } catch (error) {
    await clickhouse.close();
    throw error;
  }
}
