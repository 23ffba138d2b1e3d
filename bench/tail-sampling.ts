// What does tail sampling cost, and what does it save?
//   npm run build && npx tsx bench/tail-sampling.ts [segments]
// From raw bytes to decided, and what is kept to durable in the embedded store, in all threads together: without tail
// sampling, with all traces kept, and with a tenth and a hundredth of the rest. Rules: faults, throttles, slow traces.
// What waits is on disk too, as in `up`. Each in a process of its own; documents are generated before the clock starts.
import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { silentLog } from "../src/log.ts";
import { workloadDocuments } from "./workload.ts";

const segments = Number(process.argv[2] ?? 60_000);
const share = process.argv[3];
const perBatch = 1_000;
const rules = ["fault", "throttle", "responsetime > 1"];

interface Row {
  readonly cpu: number;
  readonly perSecond: number;
  readonly kept: number;
  readonly diskBytes: number;
}

if (share === undefined) {
  const main = fileURLToPath(import.meta.url);
  const tsx = ["--import", "tsx"];
  const rows: Record<string, object> = {};
  for (const [title, value] of Object.entries({ off: "off", "all kept": "1", "10 %": "0.1", "1 %": "0.01" })) {
    const runs = Array.from({ length: 3 }, () => {
      const output = execFileSync(process.execPath, [...tsx, main, String(segments), value], { encoding: "utf8" });
      return JSON.parse(output) as Row;
    });
    const median = runs.sort((a, b) => a.cpu - b.cpu)[1]!;
    rows[title] = {
      "CPU us/segment": Number(median.cpu.toFixed(1)),
      "segments/s": Math.round(median.perSecond),
      "traces kept": median.kept,
      "store bytes/segment": Math.round(median.diskBytes),
    };
  }
  console.log(`${segments} segments, ${perBatch} in a batch, medians of 3, Node ${process.versions.node}`);
  console.table(rows);
} else {
  console.log(JSON.stringify(await run(share)));
}

async function run(wanted: string): Promise<Row> {
  const built = (path: string): string => new URL(`../dist/${path}`, import.meta.url).href;
  const { openStore } = (await import(built("store/open-store.js"))) as typeof import("../src/store/open-store.ts");
  const { openTailSampling } = (await import(
    built("tail-sampling/open-tail-sampling.js")
  )) as typeof import("../src/tail-sampling/open-tail-sampling.ts");
  const { readKeepPolicy } = (await import(
    built("tail-sampling/keep-policy.js")
  )) as typeof import("../src/tail-sampling/keep-policy.ts");

  const directory = mkdtempSync(join(tmpdir(), "tail-sampling-bench-"));
  const dataDir = join(directory, "data");
  const store = await openStore({ dataDir });
  const tail =
    wanted === "off"
      ? undefined
      : await openTailSampling({
          policy: readKeepPolicy({ rules, restShare: Number(wanted) }),
          waits: { quietMs: 1_000, longestMs: 60_000, maxBytes: 256 * 2 ** 20 },
          folder: join(directory, "held"),
          store,
          log: silentLog,
        });
  await store.usage();
  const traces = Math.ceil(segments / 4.5);
  const options = { traces, startSeconds: Date.now() / 1000, spanSeconds: segments / 15_000 };
  const documents = Array.from(workloadDocuments(options), (text) => ({ bytes: Buffer.from(text) }));

  const cpu = process.cpuUsage();
  const started = performance.now();
  for (let at = 0; at < documents.length; at += perBatch) {
    await (tail ?? store).append(documents.slice(at, at + perBatch));
  }
  const seconds = (performance.now() - started) / 1000;
  const isDone = (): boolean => {
    const { taken = documents.length, waiting = 0 } = tail?.figures().documents ?? {};
    return taken === documents.length && waiting === 0;
  };
  while (!isDone()) await new Promise((resolve) => setTimeout(resolve, 50));
  const used = process.cpuUsage(cpu);
  const { traces: kept } = await store.usage();
  await tail?.close();
  await store.close();
  const bytes = readdirSync(dataDir).reduce((sum, name) => sum + statSync(join(dataDir, name)).size, 0);
  rmSync(directory, { recursive: true });
  return {
    cpu: (used.user + used.system) / documents.length,
    perSecond: documents.length / seconds,
    kept,
    diskBytes: bytes / documents.length,
  };
}
