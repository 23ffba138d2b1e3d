/**
 * UDP to durable: one process sends segment documents at a steady rate, another is `up` on a store in a temporary folder.
 * `npm run build && npx tsx bench/udp-ingest.ts [rate,rate,…] [seconds]`, by default a ramp of five seconds each and then
 * 15,000 a second for a minute. Loss is what was sent and never seen, refused what the queue had no room for; CPU is the whole server process, worker threads
 * included, from /proc, up to the moment when everything is on disk.
 */
import { type ChildProcess, fork, spawn } from "node:child_process";
import { createSocket } from "node:dgram";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import type { Status } from "../src/api/wire.ts";
import { workloadDocuments } from "./workload.ts";

if (process.send === undefined) await main();
else await generate(Number(process.argv[2]), process.argv[3]!);

async function main(): Promise<void> {
  const rates = process.argv[2]?.split(",").map(Number);
  const steps = rates
    ? rates.map((rate) => ({ rate, seconds: Number(process.argv[3] ?? 5) }))
    : [...[1_000, 5_000, 10_000, 15_000, 20_000].map((rate) => ({ rate, seconds: 5 })), { rate: 15_000, seconds: 60 }];
  console.log("  rate   s    sent/s  loss %  refused %  waiting max  stall ms  CPU µs/segment  RSS MB  disk B/segment");
  for (const { rate, seconds } of steps) await step(rate, seconds);
}

async function step(rate: number, seconds: number): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "fluoroscope-bench-"));
  const server = await startUp(folder);
  // What starting took is not what receiving takes.
  await new Promise((resolve) => setTimeout(resolve, 500));
  const cpuBefore = cpuSeconds(server.pid);
  const generator = fork(fileURLToPath(import.meta.url), [String(rate), server.udp], {
    execArgv: ["--import", "tsx"],
  });
  const sent = counted(generator);
  await once(generator, "message");
  let waiting = 0;
  const watch = setInterval(async () => {
    waiting = Math.max(waiting, (await status(server.http)).counters.waiting);
  }, 1_000);
  const startedMs = Date.now();
  await new Promise((resolve) => setTimeout(resolve, seconds * 1_000));
  generator.send("stop");
  const total = await sent;
  const tookSeconds = (Date.now() - startedMs) / 1_000;
  clearInterval(watch);
  const end = await drained(server.http);
  const cpu = ((cpuSeconds(server.pid) - cpuBefore) / end.counters.stored) * 1e6;
  const percent = (part: number): string => ((part / total) * 100).toFixed(3);
  const cells = [
    [rate, 6],
    [seconds, 3],
    [Math.round(total / tookSeconds), 9],
    [percent(total - end.counters.received), 7],
    [percent(end.counters.dropped + end.counters.refused), 9],
    [waiting, 12],
    [end.receiver.maxStallMs, 9],
    [cpu.toFixed(1), 15],
    [Math.round(rssBytes(server.pid) / 1e6), 7],
    [Math.round(end.store.bytes / end.store.segments), 15],
  ] as const;
  console.log(cells.map(([value, width]) => String(value).padStart(width)).join(" "));
  server.process.kill("SIGTERM");
  await once(server.process, "exit");
  rmSync(folder, { recursive: true });
}

/** `up` as built, in a process of its own. */
async function startUp(folder: string): Promise<{ process: ChildProcess; pid: number; udp: string; http: string }> {
  const dist = (file: string): string => JSON.stringify(new URL(`../dist/${file}`, import.meta.url).href);
  const program = `
    import { readConfig } from ${dist("config.js")};
    import { up } from ${dist("up.js")};
    const { config } = readConfig({ flags: { port: "0", dataDir: ${JSON.stringify(join(folder, "data"))} }, environment: {} });
    const running = await up(config);
    console.log(JSON.stringify(running.addresses));
    process.once("SIGTERM", () => running.close());`;
  const file = join(folder, "up.mjs");
  writeFileSync(file, program);
  const child = spawn(process.execPath, [file], { stdio: ["ignore", "pipe", "inherit"] });
  const [line] = await once(createInterface({ input: child.stdout! }), "line");
  return { process: child, pid: child.pid!, ...JSON.parse(line) };
}

async function status(http: string): Promise<Status> {
  return (await fetch(`${http}/api/status`)).json() as Promise<Status>;
}

async function drained(http: string): Promise<Status> {
  for (;;) {
    const now = await status(http);
    if (now.counters.waiting === 0) return now;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

function counted(generator: ChildProcess): Promise<number> {
  return new Promise((resolve) => {
    generator.on("message", (message: { sent?: number }) => {
      if (message.sent !== undefined) resolve(message.sent);
    });
  });
}

/** User and system time of all threads; the clock ticks a hundred times a second. */
function cpuSeconds(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ")[1]!.split(" ");
  return (Number(fields[11]) + Number(fields[12])) / 100;
}

function rssBytes(pid: number): number {
  return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))![1]) * 1024;
}

/** The sending process: documents are made once, and sent again and again as new traces of the present. */
async function generate(rate: number, address: string): Promise<void> {
  const [host, port] = address.split(":");
  const socket = createSocket("udp4");
  socket.connect(Number(port), host);
  await once(socket, "connect");
  const spanSeconds = 10;
  const startSeconds = Math.floor(Date.now() / 1000);
  // About five documents a trace.
  const traces = (rate * spanSeconds) / 5;
  const templates: Template[] = [];
  for (const text of workloadDocuments({ traces, startSeconds, spanSeconds })) templates.push(template(text));

  let sent = 0;
  let stopped = false;
  process.once("message", () => {
    stopped = true;
  });
  process.send!({ ready: true });
  const startedMs = performance.now();
  while (!stopped) {
    const due = ((performance.now() - startedMs) / 1_000) * rate;
    while (sent < due) {
      const next = templates[sent % templates.length]!;
      const pass = Math.floor(sent / templates.length);
      if (pass > 0) renew(next, pass, pass * spanSeconds);
      socket.send(next.bytes);
      sent += 1;
    }
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
  await new Promise((resolve) => setTimeout(resolve, 100));
  process.send!({ sent });
  process.disconnect();
  socket.close();
}

interface Template {
  readonly bytes: Buffer;
  /** Where the trace id's last eight digits stand, and each time's whole seconds. */
  readonly traceId: number;
  readonly times: readonly { readonly at: number; readonly seconds: number }[];
}

function template(text: string): Template {
  const datagram = `{"format":"json","version":1}\n${text}`;
  const traceId = datagram.indexOf('"trace_id":"') + '"trace_id":"'.length + 35 - 8;
  const times = [...datagram.matchAll(/_time":(\d{10})/g)].map((match) => ({
    at: match.index + '_time":'.length,
    seconds: Number(match[1]),
  }));
  return { bytes: Buffer.from(datagram), traceId, times };
}

function renew({ bytes, traceId, times }: Template, pass: number, laterSeconds: number): void {
  bytes.write(pass.toString(16).padStart(8, "0"), traceId, "latin1");
  for (const { at, seconds } of times) bytes.write(String(seconds + laterSeconds), at, "latin1");
}
