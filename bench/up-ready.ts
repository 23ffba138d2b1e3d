/**
 * How long from starting `up` to its ready line, and what does it cost at rest?
 * `npm run build && npx tsx bench/up-ready.ts [data folder]`: an empty store, and the given one (one that
 * `STORE_BENCH_DIR=… npx tsx bench/store-queries.ts` has built, say). Medians of seven starts; memory and CPU of the last,
 * after five seconds and over the ten that follow.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const main = fileURLToPath(new URL("../dist/cli/main.js", import.meta.url));
const starts = 7;

console.log("store      ready ms  slowest ms  RSS MB  idle CPU %");
await measure("empty", ["--ephemeral"]);
if (process.argv[2] !== undefined) await measure("given", ["--data-dir", process.argv[2]]);

async function measure(name: string, store: string[]): Promise<void> {
  const times: number[] = [];
  for (let start = 1; ; start += 1) {
    const startedMs = performance.now();
    const child = spawn(process.execPath, [main, "up", "--port", "0", "--log-format", "json", ...store], {
      stdio: ["ignore", "ignore", "pipe"],
    });
    await saysReady(child);
    times.push(performance.now() - startedMs);
    const rest = start === starts ? await atRest(child.pid!) : undefined;
    child.kill("SIGTERM");
    await once(child, "exit");
    if (rest === undefined) continue;
    times.sort((a, b) => a - b);
    const figures = [
      times[starts >> 1]!.toFixed(0),
      times.at(-1)!.toFixed(0),
      rest.rssMb.toFixed(0),
      rest.cpu.toFixed(1),
    ];
    console.log(`${name.padEnd(9)}${figures.map((figure, at) => figure.padStart([10, 12, 8, 12][at]!)).join("")}`);
    return;
  }
}

async function saysReady(child: ChildProcess): Promise<void> {
  let text = "";
  for await (const chunk of child.stderr!.iterator({ destroyOnReturn: false })) {
    text += chunk;
    if (text.includes('"msg":"ready"')) break;
  }
  child.stderr!.resume();
}

async function atRest(pid: number): Promise<{ rssMb: number; cpu: number }> {
  await pause(5);
  const rssMb = (Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))![1]) * 1024) / 1e6;
  const before = cpuSeconds(pid);
  await pause(10);
  return { rssMb, cpu: (cpuSeconds(pid) - before) * 10 };
}

/** User and system time of all threads; the clock ticks a hundred times a second. */
function cpuSeconds(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ")[1]!.split(" ");
  return (Number(fields[11]) + Number(fields[12])) / 100;
}

function pause(seconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, seconds * 1_000));
}
