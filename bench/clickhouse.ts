// What does the store in ClickHouse cost, and how soon does it answer?
//   npx tsx bench/clickhouse.ts [thousands of segments, 100]
// ClickHouse is chDB 3.4.0 behind its HTTP interface, in a process of its own (test/clickhouse); it is installed on first use.
// Segments of 1.1 KB of 30 services over six hours arrive in batches of 2,000. CPU "there" is that of the server's process,
// its HTTP side in Node included; "here" is this process without the making of the documents, which is measured alone first.
// Answers are those of the store: statement, transport, and what the node makes of it. Medians.
import { readFileSync } from "node:fs";
import { parseFilter } from "../src/filter/parser.ts";
import { silentLog } from "../src/log.ts";
import { parseClickHouseAddress } from "../src/store/clickhouse/address.ts";
import { ClickHouseStore } from "../src/store/clickhouse/clickhouse-store.ts";
import { connectClickHouse } from "../src/store/clickhouse/connect.ts";
import { startClickHouse } from "../test/clickhouse/clickhouse-server.ts";
import { workloadDocuments } from "./workload.ts";

const segments = Number(process.argv[2] ?? 100) * 1000;
const spanSeconds = 6 * 3600;
const startSeconds = Date.UTC(2026, 0, 10, 3) / 1000;
const range = { startSeconds, endSeconds: startSeconds + spanSeconds };
const batchLength = 2_000;
const rounds = 7;

const server = await startClickHouse();
if ("reason" in server) throw new Error(server.reason);
try {
  const address = server.address("bench");
  let nowMs = startSeconds * 1000;
  const options = { address, log: silentLog, now: () => nowMs };
  const store = new ClickHouseStore({ ...options, quietMs: Number.POSITIVE_INFINITY });
  await store.usage();

  const workload = () => workloadDocuments({ seed: 1, traces: segments / 5, startSeconds, spanSeconds });
  const making = cpuUs();
  let count = 0;
  for (const _ of workload()) count += 1;
  const madeUs = cpuUs() - making;

  const [here, there, began] = [cpuUs(), serverCpuUs(server.pid), performance.now()];
  let batch: { bytes: Uint8Array }[] = [];
  let sent = 0;
  for (const text of workload()) {
    batch.push({ bytes: Buffer.from(text) });
    if (batch.length < batchLength) continue;
    sent += batch.length;
    nowMs = (startSeconds + (spanSeconds * sent) / count) * 1000;
    await store.append(batch);
    batch = [];
  }
  await store.append(batch);
  const wall = (performance.now() - began) / 1000;
  const usage = await store.usage();
  console.log(`${usage.segments} segments, ${usage.traces} traces, ${Math.round(usage.segments / wall)} a second`);
  console.log(
    `CPU there ${each(serverCpuUs(server.pid) - there)} µs a segment, here ${each(cpuUs() - here - madeUs)} µs`,
  );

  const clickhouse = connectClickHouse(parseClickHouseAddress(address), { timeoutMs: 600_000 });
  for (const table of ["documents", "traces"]) await clickhouse.run(`OPTIMIZE TABLE bench.${table} FINAL`);
  const tables = await clickhouse.rows<{ table: string; bytes: number }>(
    "SELECT table, sum(bytes_on_disk) AS bytes FROM system.parts WHERE active AND database = 'bench' GROUP BY table ORDER BY bytes DESC",
  );
  const disk = tables.map(({ table, bytes }) => `${table} ${(bytes / usage.segments).toFixed(1)}`).join(", ");
  const bytes = tables.reduce((sum, table) => sum + table.bytes, 0);
  console.log(`${Math.round(bytes / usage.segments)} bytes a segment on disk, merged: ${disk}`);

  const page = await store.findTraces({ ...range, rangeType: "Event", limit: 1_000 });
  const ids = page.digests.map(({ id }) => id);
  let next = 0;
  await time("trace by id", () => {
    next += 97;
    return store.readTraces([ids[next % ids.length]!]);
  });
  await time("newest 100", () => store.findTraces({ ...range, rangeType: "Event", limit: 100 }));
  const list = (text: string) => () =>
    store.findTraces({ ...range, rangeType: "Event", limit: 100, filter: parseFilter(text) });
  await time("newest 100 by an annotation that many have", list('annotation.tenant = "acme"'));
  const order = JSON.parse(workload().next().value as string).annotations.order;
  await time("list by an annotation that one has", list(`annotation.order = ${order}`));
  await time("map of 6 h from traces", () => store.serviceGraph(range), 3);
  await time("map of 6 h, filtered: fault", () => store.serviceGraph({ ...range, filter: parseFilter("fault") }), 3);
  const summing = new ClickHouseStore({ ...options, quietMs: 0 });
  await summing.serviceGraph(range);
  await time("map of 6 h from sums of minutes", () => summing.serviceGraph(range));
  await time("  of that, what ClickHouse does", async () => {
    const minutes = `minute >= ${startSeconds / 60} AND minute < ${startSeconds / 60 + 360}`;
    await clickhouse.bytes(`SELECT minute, as_of, cells FROM bench.minutes FINAL WHERE ${minutes}`);
    await clickhouse.bytes(`SELECT minute, max(at) FROM bench.touched WHERE ${minutes} GROUP BY minute`);
  });
  for (const opened of [store, summing, clickhouse]) await opened.close();

  function each(us: number): number {
    return Math.round(us / usage.segments);
  }
} finally {
  await server.stop();
}

async function time(what: string, ask: () => Promise<unknown>, times: number = rounds): Promise<void> {
  const taken: number[] = [];
  for (let round = 0; round <= times; round++) {
    const began = performance.now();
    await ask();
    if (round > 0) taken.push(performance.now() - began);
  }
  taken.sort((a, b) => a - b);
  console.log(
    `${what}: ${taken[taken.length >> 1]!.toFixed(1)} ms (${taken[0]!.toFixed(1)} to ${taken.at(-1)!.toFixed(1)})`,
  );
}

function cpuUs(): number {
  const { user, system } = process.cpuUsage();
  return user + system;
}

/** Linux only; in ticks of 10 ms. */
function serverCpuUs(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ")[1]!.split(" ");
  return (Number(fields[11]) + Number(fields[12])) * 10_000;
}
