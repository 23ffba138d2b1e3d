import { parseClickHouseAddress } from "../store/clickhouse/address.ts";
import { connectClickHouse } from "../store/clickhouse/connect.ts";
import type { Finding, Patient } from "./finding.ts";

const subject = "ClickHouse";
/** The order of documents goes by the clocks of nodes, and retention by that of ClickHouse. */
const mostClockMs = 1_000;

/** Whether the ClickHouse that `--store` names lets us in, and what time it has. */
export async function checkStore({ config }: Patient): Promise<Finding[]> {
  if (config.store === undefined) return [];
  const address = parseClickHouseAddress(config.store);
  const clickhouse = connectClickHouse(address, { timeoutMs: 5_000, retryMs: [0] });
  try {
    const startMs = Date.now();
    const [row] = await clickhouse.rows<{ version: string; ms: string }>(
      "SELECT version() AS version, toUnixTimestamp64Milli(now64(3)) AS ms",
    );
    const text = `Version ${row?.version} answers at ${address.url}.`;
    return [{ kind: "fine", subject, text }, ...describeClock(Number(row?.ms), startMs)];
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    const [, text = message, remedy = "Correct --store."] = /^(.*[.:]) ([^.]*\.)$/s.exec(message) ?? [];
    return [{ kind: "trouble", subject, text, remedy }];
  } finally {
    await clickhouse.close();
  }
}

/** It told its time somewhere between question and answer. */
function describeClock(theirMs: number, startMs: number): Finding[] {
  const offMs = theirMs < startMs ? startMs - theirMs : Math.max(0, theirMs - Date.now());
  if (offMs <= mostClockMs) return [];
  const text = `Its clock and this machine's are ${(offMs / 1000).toFixed(1)} s apart.`;
  return [{ kind: "note", subject, text, remedy: "Let both follow the same time server." }];
}
