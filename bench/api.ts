/**
 * The API under load: `up` as built, in a process of its own; documents are posted with `PutTraceSegments`, fifty a call,
 * over connections that are kept, and read back with `BatchGetTraces`. Checking a signature is measured in this process.
 * `npm run build && npx tsx bench/api.ts [seconds]`
 */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { Agent, request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import type { Status } from "../src/api/wire.ts";
import { signRequest } from "../src/sigv4/sign-request.ts";
import { SigningKeys } from "../src/sigv4/signing-keys.ts";
import { verifyRequest } from "../src/sigv4/verify-request.ts";
import { workloadDocuments } from "./workload.ts";

const seconds = Number(process.argv[2] ?? 20);
const documentsACall = 50;
const connections = 8;
const agent = new Agent({ keepAlive: true, maxSockets: connections });
const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[values.length >> 1]!;

const folder = mkdtempSync(join(tmpdir(), "fluoroscope-bench-"));
const server = await startUp(folder);
const bodies = makeBodies();
const cpuBefore = cpuSeconds(server.pid);
const put = await putForSeconds();
const { counters, store } = await status();
const cpu = ((cpuSeconds(server.pid) - cpuBefore) / counters.stored) * 1e6;
const read = await timeOf(200, () => post("/Traces", JSON.stringify({ TraceIds: traceIds(5) })));
console.log("  question                                          figure");
console.log(`  PutTraceSegments: segments/s durable            ${String(Math.round(put)).padStart(8)}`);
console.log(`  the same: CPU µs a segment (server, all threads)${cpu.toFixed(1).padStart(8)}`);
console.log(
  `  the same: stored, refused, dropped              ${`${counters.stored}, ${counters.refused}, ${counters.dropped}`}`,
);
console.log(`  BatchGetTraces of 5, median ms (${store.segments} stored) ${read.toFixed(1).padStart(6)}`);
console.log(
  `  checking a signature, µs a call of ${bodies[0]!.length} bytes   ${signatureMicros().toFixed(0).padStart(6)}`,
);
server.process.kill("SIGTERM");
await once(server.process, "exit");
rmSync(folder, { recursive: true });
agent.destroy();

/** Calls as a client would make them: all of them different traces of the present. */
function makeBodies(): Buffer[] {
  const documents = [
    ...workloadDocuments({ traces: 8_000, startSeconds: Math.floor(Date.now() / 1000) - 60, spanSeconds: 60 }),
  ];
  const made: Buffer[] = [];
  for (let at = 0; at + documentsACall <= documents.length; at += documentsACall) {
    made.push(Buffer.from(JSON.stringify({ TraceSegmentDocuments: documents.slice(at, at + documentsACall) })));
  }
  return made;
}

/** Each pass over the bodies makes new traces: the last eight digits of every trace id count the passes. */
function renewed(body: Buffer, pass: number): Buffer {
  if (pass === 0) return body;
  const mark = 'trace_id\\":\\"';
  const copy = Buffer.from(body);
  for (let at = copy.indexOf(mark); at >= 0; at = copy.indexOf(mark, at + 1)) {
    copy.write(pass.toString(16).padStart(8, "0"), at + mark.length + 35 - 8, "latin1");
  }
  return copy;
}

async function putForSeconds(): Promise<number> {
  const startedMs = performance.now();
  let calls = 0;
  const client = async (): Promise<void> => {
    while (performance.now() - startedMs < seconds * 1_000) {
      const call = calls++;
      await post("/TraceSegments", renewed(bodies[call % bodies.length]!, Math.floor(call / bodies.length)));
    }
  };
  await Promise.all(Array.from({ length: connections }, client));
  return (calls * documentsACall) / ((performance.now() - startedMs) / 1_000);
}

function traceIds(count: number): string[] {
  return Array.from({ length: count }, () => {
    const body = bodies[Math.floor(Math.random() * bodies.length)]!.toString();
    return /trace_id\\":\\"([^\\]+)/.exec(body)![1]!;
  });
}

async function timeOf(times: number, act: () => Promise<unknown>): Promise<number> {
  const took: number[] = [];
  for (let n = 0; n < times; n += 1) {
    const startedMs = performance.now();
    await act();
    took.push(performance.now() - startedMs);
  }
  return median(took);
}

function signatureMicros(): number {
  const [body, keys] = [bodies[0]!, new SigningKeys()];
  const credentials = { accessKeyId: "AKIDBENCH", secretAccessKey: "a secret of some length" };
  const url = new URL("http://127.0.0.1:2000/TraceSegments");
  const now = Date.now();
  const about = { credentials, region: "eu-west-1", service: "xray", now, keys };
  const headers = { host: url.host, ...signRequest({ method: "POST", url, body }, about) };
  const received = { method: "POST", target: url.pathname, headers, body };
  const findKey = () => credentials;
  const took: number[] = [];
  for (let n = 0; n < 2_000; n += 1) {
    const startedMs = performance.now();
    const { kind } = verifyRequest(received, { findKey, service: "xray", now, keys });
    took.push((performance.now() - startedMs) * 1_000);
    if (kind !== "signed") throw new Error(kind);
  }
  return median(took);
}

function post(path: string, body: string | Buffer): Promise<string> {
  return new Promise((resolve, reject) => {
    const sent = request(server.http + path, { method: "POST", agent }, (response) => {
      const chunks: Buffer[] = [];
      response.on("data", (chunk: Buffer) => chunks.push(chunk));
      response.on("end", () => {
        const text = Buffer.concat(chunks).toString();
        if (response.statusCode === 200) resolve(text);
        else reject(new Error(`${path} ${response.statusCode} ${text}`));
      });
    });
    sent.on("error", reject);
    sent.end(body);
  });
}

async function status(): Promise<Status> {
  return (await fetch(`${server.http}/api/status`)).json() as Promise<Status>;
}

async function startUp(dataDir: string): Promise<{ process: ChildProcess; pid: number; http: string }> {
  const cli = fileURLToPath(new URL("../dist/cli/main.js", import.meta.url));
  const flags = ["up", "--port", "0", "--data-dir", join(dataDir, "data"), "--log-format", "json"];
  const child = spawn(process.execPath, [cli, ...flags], { stdio: ["ignore", "inherit", "pipe"] });
  for await (const line of createInterface({ input: child.stderr! })) {
    const { msg, addresses } = JSON.parse(line) as { msg: string; addresses?: { http: string } };
    if (msg !== "ready" || addresses === undefined) continue;
    child.stderr!.resume();
    return { process: child, pid: child.pid!, http: addresses.http };
  }
  throw new Error("up ended before it was ready");
}

/** User and system time of all threads; the clock ticks a hundred times a second. */
function cpuSeconds(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ")[1]!.split(" ");
  return (Number(fields[11]) + Number(fields[12])) / 100;
}
