/**
 * Nodes before one ClickHouse: what does a segment cost a node, what ClickHouse, and how many bytes are kept of it?
 * `up --store` as built, in processes of their own; ClickHouse is chDB behind its HTTP interface (test/clickhouse), installed
 * on first use. Documents of 1.1 KB are posted fifty a call, in turns to each node, so that most traces are split over them.
 * `npm run build && npx tsx bench/nodes.ts [nodes, 2] [seconds, 20]`
 */
import { type ChildProcess, spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Status } from "../src/api/wire.ts";
import { parseClickHouseAddress } from "../src/store/clickhouse/address.ts";
import { connectClickHouse } from "../src/store/clickhouse/connect.ts";
import { MortalServer } from "../test/chaos/mortal-server.ts";
import { type ClickHouseServer, startClickHouse } from "../test/clickhouse/clickhouse-server.ts";
import { workloadDocuments } from "./workload.ts";

const nodeCount = Number(process.argv[2] ?? 2);
const seconds = Number(process.argv[3] ?? 20);
const documentsACall = 50;
/** So many wait for an answer at a time: batches are as large as that lets them be. */
const senders = 80;
const warmUpSeconds = 8;

const clickhouse = await startClickHouse();
if ("reason" in clickhouse) throw new Error(clickhouse.reason);
const address = clickhouse.address("bench");
const environment = { FLUOROSCOPE_STORE: address };
// Nothing is written there.
const dataDir = join(tmpdir(), "fluoroscope-bench-nodes");
const pids: number[] = [];
const start = ([program, ...words]: readonly string[], more: Readonly<Record<string, string>>): ChildProcess => {
  const child = spawn(program!, words, { env: { ...process.env, ...more }, stdio: ["ignore", "ignore", "pipe"] });
  pids.push(child.pid!);
  return child;
};
const nodes = await Promise.all(
  Array.from({ length: nodeCount }, () => MortalServer.start({ dataDir, environment, start })),
);
const startSeconds = Math.floor(Date.now() / 1000) - 60;
// Enough for any machine: what is not sent was not needed.
const documents = workloadDocuments({ traces: 1_000_000, startSeconds, spanSeconds: 600 });
try {
  await putFor(warmUpSeconds);
  const before = await figures();
  const perSecond = await putFor(seconds);
  const after = await figures();
  const stored = after.stored - before.stored;
  const each = (us: (of: typeof before) => number): string => ((us(after) - us(before)) / stored).toFixed(0);
  const bytes = await bytesKept();
  console.log(`${nodeCount} nodes, ${stored} segments, ${Math.round(perSecond)} a second on this machine`);
  console.log(
    `CPU a segment: nodes ${each(({ nodesUs }) => nodesUs)} µs, ClickHouse ${each(({ serverUs }) => serverUs)} µs`,
  );
  for (const [table, size] of bytes) console.log(`bytes a segment, ${table}: ${(size / after.stored).toFixed(0)}`);
} finally {
  await Promise.all(nodes.map((node) => node.stop("SIGTERM")));
  await clickhouse.stop();
}

async function figures(): Promise<{ stored: number; nodesUs: number; serverUs: number }> {
  const statuses = await Promise.all(nodes.map(({ url }) => fetch(`${url}/api/status`)));
  const all = (await Promise.all(statuses.map((answer) => answer.json()))) as Status[];
  const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0);
  return {
    stored: sum(all.map(({ counters }) => counters.stored)),
    nodesUs: sum(pids.map(cpuUs)),
    serverUs: cpuUs((clickhouse as ClickHouseServer).pid),
  };
}

/** All threads of a process. */
function cpuUs(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ")[1]!.split(" ");
  return (Number(fields[11]) + Number(fields[12])) * 10_000;
}

async function putFor(seconds: number): Promise<number> {
  const startedMs = performance.now();
  let calls = 0;
  const sender = async (): Promise<void> => {
    while (performance.now() - startedMs < seconds * 1_000) {
      const batch: string[] = [];
      while (batch.length < documentsACall) batch.push(documents.next().value!);
      const node = nodes[calls++ % nodes.length]!;
      const body = JSON.stringify({ TraceSegmentDocuments: batch });
      const answer = await fetch(`${node.url}/TraceSegments`, { method: "POST", body });
      if (!answer.ok) throw new Error(`${answer.status} ${await answer.text()}`);
      await answer.arrayBuffer();
    }
  };
  await Promise.all(Array.from({ length: senders }, sender));
  return (calls * documentsACall) / ((performance.now() - startedMs) / 1_000);
}

/** By table, when ClickHouse has merged what it would merge in the next hour. */
async function bytesKept(): Promise<[string, number][]> {
  const connection = connectClickHouse(parseClickHouseAddress(address), { timeoutMs: 600_000 });
  for (const table of ["documents", "traces"]) await connection.run(`OPTIMIZE TABLE bench.${table} FINAL`);
  const rows = await connection.rows<{ table: string; bytes: string }>(
    "SELECT table, sum(bytes_on_disk) AS bytes FROM system.parts WHERE active AND database = 'bench' GROUP BY table ORDER BY bytes DESC",
  );
  await connection.close();
  return rows.map(({ table, bytes }) => [table, Number(bytes)]);
}
