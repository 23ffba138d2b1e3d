import type { Log } from "../log.ts";
import type { ClickHouseAddress } from "../store/clickhouse/address.ts";
import { connectClickHouse } from "../store/clickhouse/connect.ts";

/** Looks every few seconds whether the database answers. */
export interface ClickHouseWatch {
  /** Why it does not, in one sentence; `undefined` while it does. */
  trouble(): string | undefined;
  /** May be called twice. */
  close(): Promise<void>;
}

const paceMs = 2_000;
/** Whoever asks for nothing and waits longer than this, waits for nobody. */
const timeoutMs = 3_000;

/** Begins to look. On a connection of its own: that questions wait for one another says nothing about the server. */
export function watchClickHouse(address: ClickHouseAddress, log: Log): ClickHouseWatch {
  const clickhouse = connectClickHouse(address, { timeoutMs, retryMs: [0] });
  let trouble: string | undefined;
  let timer: NodeJS.Timeout | undefined;
  let isClosed = false;

  const look = async (): Promise<void> => {
    const found = await clickhouse.rows("SELECT 1").then(
      () => undefined,
      (error: unknown) => (error instanceof Error ? error.message : String(error)),
    );
    if (isClosed) return;
    if (found !== undefined && trouble === undefined) log.warn({ error: found }, "the store's server does not answer");
    if (found === undefined && trouble !== undefined) log.info({}, "the store's server answers again");
    trouble = found;
    timer = setTimeout(look, paceMs);
    timer.unref();
  };
  timer = setTimeout(look, paceMs);
  timer.unref();

  return {
    trouble: () => trouble,
    async close() {
      isClosed = true;
      clearTimeout(timer);
      await clickhouse.close();
    },
  };
}
