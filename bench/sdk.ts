/**
 * What does tracing with the SDK cost an application, beside the X-Ray SDK and beside no tracing? Microseconds of CPU of
 * the application's process, the sending included; each contender in a process of its own, all in turns, medians. The
 * daemon is a process that only receives. `init` and `register` are those of the package as it is cut from dist/.
 *
 * Run: npm run build && npx tsx bench/sdk.ts [turns]
 */
import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { readdirSync, statSync } from "node:fs";
import { Agent, get } from "node:http";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { installSdk } from "../test/fixtures/installed-sdk.ts";

const turns = Number(process.argv[2] ?? 5);
const file = (name: string): string => fileURLToPath(new URL(`sdk/${name}`, import.meta.url));
const sdk = installSdk();
const daemon = await startDaemon();
const installed = `${sdk.folder}/node_modules/fluoroscope-sdk/dist`;
const env = {
  ...process.env,
  AWS_XRAY_DAEMON_ADDRESS: daemon.address,
  AWS_XRAY_LOG_LEVEL: "silent",
  FLUOROSCOPE_SDK: `${installed}/index.js`,
  FLUOROSCOPE_COMPAT: `${installed}/compat/core.cjs`,
};
/** UDP and TCP's `discard`, where nobody listens: the system says so to each datagram. */
const nobody = "127.0.0.1:9";
try {
  size();
  await spans();
  await express();
  await startUp();
  await memory();
} finally {
  daemon.child.kill();
  sdk.remove();
}

/** All that `npm install fluoroscope-sdk @opentelemetry/api` leaves behind. */
function size(): void {
  const bytes = sizeOf(`${sdk.folder}/node_modules`);
  console.log(`installed, with all that it depends on: ${(bytes / 1e6).toFixed(2)} MB (limit 15)\n`);
}

/** Links are followed: what they lead to would be copied elsewhere. */
function sizeOf(path: string): number {
  const stats = statSync(path);
  if (!stats.isDirectory()) return stats.size;
  return readdirSync(path).reduce((sum, name) => sum + sizeOf(join(path, name)), 0);
}

async function spans(): Promise<void> {
  const cost = (contender: string) => {
    const words = [file("work.mjs"), contender, "20000"];
    const address = contender.endsWith("nobody listens") ? nobody : daemon.address;
    const options = { env: { ...env, AWS_XRAY_DAEMON_ADDRESS: address }, encoding: "utf8" } as const;
    return Number(execFileSync(process.execPath, words, options));
  };
  const ours = ["fluoroscope", "fluoroscope, nobody listens", "fluoroscope, unsampled"];
  const names = ["none", "recorder", "xray-sdk", "xray-sdk, unsampled", "compat", ...ours];
  const costs = await inTurns(names, async (name) => cost(name));
  print("CPU per span, µs (a root and a child, three annotations)", costs);
  printRatio("fluoroscope ÷ X-Ray SDK", costs, "fluoroscope", "xray-sdk", 0.3);
  printRatio("fluoroscope ÷ recorder by hand", costs, "fluoroscope", "recorder", 1.6);
  printRatio("unsampled ÷ X-Ray SDK unsampled", costs, "fluoroscope, unsampled", "xray-sdk, unsampled", 0.12);
  printRatio("compat ÷ X-Ray SDK", costs, "compat", "xray-sdk");
  printRatio("nobody listens ÷ a daemon does", costs, "fluoroscope, nobody listens", "fluoroscope");
  console.log("");
}

async function express(): Promise<void> {
  const contenders: Record<string, string[]> = {
    none: [file("server.mjs"), "none"],
    fluoroscope: ["--import", file("register-always.mjs"), file("server.mjs"), "none"],
    "xray-sdk": [file("server.mjs"), "xray-sdk"],
  };
  const costs = await inTurns(Object.keys(contenders), async (name) => {
    const child = spawn(process.execPath, contenders[name]!, {
      env: { ...env, NODE_ENV: "production", NODE_NO_WARNINGS: "1" },
      stdio: ["ignore", "pipe", "inherit"],
    });
    try {
      const url = `http://127.0.0.1:${await firstLine(child)}`;
      await load(url, 2_000);
      const before = Number(await text(`${url}/cpu`));
      await load(url, 8_000);
      return (Number(await text(`${url}/cpu`)) - before) / 8_000;
    } finally {
      child.kill("SIGKILL");
    }
  });
  print("CPU per request of an Express server, µs", costs);
  printRatio("fluoroscope ÷ none", costs, "fluoroscope", "none", 1.6);
  printRatio("X-Ray SDK ÷ none", costs, "xray-sdk", "none");
  console.log("");
}

async function startUp(): Promise<void> {
  const tell = `process.on("exit", () => { const u = process.cpuUsage(); console.log((u.user + u.system) / 1000); })`;
  const contenders: Record<string, string[]> = {
    none: ["-e", tell],
    fluoroscope: ["--import", "fluoroscope-sdk/register", "-e", tell],
    "xray-sdk": ["-r", fileURLToPath(import.meta.resolve("aws-xray-sdk-core")), "-e", tell],
  };
  const costs = await inTurns(Object.keys(contenders), async (name) =>
    Number(execFileSync(process.execPath, contenders[name]!, { env, cwd: sdk.folder, encoding: "utf8" })),
  );
  print("CPU to the first line of an application, ms", costs);
  const added = costs.get("fluoroscope")! - costs.get("none")!;
  console.log(`  added by register: ${added.toFixed(1)} ms (limit 40)\n`);
}

/** Flat is what neither grows with the spans nor with a daemon that is dead. */
async function memory(): Promise<void> {
  for (const [name, address] of [
    ["a daemon", daemon.address],
    ["nobody", nobody],
  ]) {
    const words = ["--expose-gc", file("work.mjs"), "fluoroscope, memory", "500000"];
    const output = execFileSync(process.execPath, words, {
      env: { ...env, AWS_XRAY_DAEMON_ADDRESS: address },
      encoding: "utf8",
    });
    console.log(
      `memory after 1,000,000 spans to ${name}: ${Number(output).toFixed(1)} MB more on the heap than after 100,000 (limit 10)`,
    );
  }
}

async function inTurns(
  names: readonly string[],
  measure: (name: string) => Promise<number>,
): Promise<Map<string, number>> {
  const figures = new Map(names.map((name) => [name, [] as number[]]));
  for (let turn = 0; turn < turns; turn += 1) {
    for (const name of names) figures.get(name)!.push(await measure(name));
  }
  return new Map([...figures].map(([name, all]) => [name, all.toSorted((a, b) => a - b)[all.length >> 1]!]));
}

function print(title: string, figures: ReadonlyMap<string, number>): void {
  console.log(title);
  for (const [name, figure] of figures) console.log(`  ${name.padEnd(30)}${figure.toFixed(1).padStart(8)}`);
}

function printRatio(title: string, figures: ReadonlyMap<string, number>, a: string, b: string, limit?: number): void {
  const ratio = figures.get(a)! / figures.get(b)!;
  console.log(`  ${title}: ${ratio.toFixed(2)}${limit === undefined ? "" : ` (limit ${limit})`}`);
}

/** Sixteen connections that are kept alive. */
async function load(url: string, requests: number): Promise<void> {
  const agent = new Agent({ keepAlive: true, maxSockets: 16 });
  let left = requests;
  const worker = async (): Promise<void> => {
    while (left > 0) {
      left -= 1;
      await text(`${url}/tea/green`, agent);
    }
  };
  await Promise.all(Array.from({ length: 16 }, worker));
  agent.destroy();
}

function text(url: string, agent?: Agent): Promise<string> {
  return new Promise((resolve, reject) => {
    get(url, agent ? { agent } : {}, (answer) => {
      let body = "";
      answer.setEncoding("utf8").on("data", (part: string) => {
        body += part;
      });
      answer.on("end", () => resolve(body));
    }).on("error", reject);
  });
}

async function startDaemon(): Promise<{ address: string; child: ChildProcess }> {
  const program = `const s = require("dgram").createSocket({ type: "udp4", recvBufferSize: 8e6 });
    s.bind(0, "127.0.0.1", () => console.log(s.address().port));`;
  const child = spawn(process.execPath, ["-e", program], { stdio: ["ignore", "pipe", "inherit"] });
  return { address: `127.0.0.1:${await firstLine(child)}`, child };
}

async function firstLine(child: ChildProcess): Promise<string> {
  const [line] = (await once(createInterface({ input: child.stdout! }), "line")) as [string];
  return line;
}
