import { hostname } from "node:os";
import type { ClickHouse } from "../store/clickhouse/connect.ts";
import { insertOnce } from "./insert-once.ts";
import { tableName } from "./tables.ts";

/** What the audit log knows of a call. */
interface Entry {
  readonly time: string;
  readonly operation: string;
  readonly key?: string;
  readonly address: string;
  readonly request: unknown;
  readonly outcome: string;
}

/** Administrative calls of all nodes in one table, each with the node that answered it. */
export function sharedAudit(clickhouse: ClickHouse): {
  readonly place: string;
  readonly keep: (entry: Entry) => Promise<void>;
} {
  const node = hostname();
  return {
    place: tableName(clickhouse, "shared_audit"),
    keep: ({ time, operation, key = "", address, outcome, request }) =>
      insertOnce(clickhouse, "shared_audit", [
        {
          at: time.replace("T", " ").replace("Z", ""),
          node,
          operation,
          key,
          address,
          outcome,
          request: JSON.stringify(request),
        },
      ]),
  };
}
