import fc from "fast-check";
import { afterAll, describe, vi } from "vitest";
import { silentLog } from "../../src/log.ts";
import { ClickHouseStore } from "../../src/store/clickhouse/clickhouse-store.ts";
import { startClickHouse } from "../clickhouse/clickhouse-server.ts";
import { describeStore, type OpenOptions } from "./store-contract.ts";

const server = await startClickHouse();
if ("reason" in server) console.log(`The store in ClickHouse is not tested: ${server.reason}`);

// Each question is a request or two: as many random cases as fit into this time.
vi.setConfig({ testTimeout: 180_000 });
fc.configureGlobal({ interruptAfterTimeLimit: 60_000 });

describe.skipIf("reason" in server)("with ClickHouse", () => {
  if ("reason" in server) return;
  afterAll(() => server.stop());
  let databases = 0;
  const open = (options: OpenOptions & { quietMs?: number; pageScan?: number } = {}): ClickHouseStore => {
    databases += 1;
    const address = server.address(`traces_${databases}`);
    return new ClickHouseStore({ address, log: silentLog, now: Date.now, ...options });
  };

  describeStore("the store in ClickHouse", open);
});
