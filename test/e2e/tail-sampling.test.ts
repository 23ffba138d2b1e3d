import { spawn } from "node:child_process";
import { createSocket } from "node:dgram";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { workloadTraces } from "../../bench/workload.ts";
import type { GetServiceGraphResponse, PutTraceSegmentsResponse, Status } from "../../src/api/wire.ts";
import { weightBy } from "../../src/tail-sampling/decide.ts";
import { MortalServer } from "../chaos/mortal-server.ts";
import { cli } from "./run-cli.ts";

const share = 0.2;
const flags = ["--keep", "fault = true OR error", "--keep", "throttle", "--keep-rest", "20%", "--decide-after", "3s"];

let dataDir: string;
let server: MortalServer;
beforeEach(async () => {
  dataDir = mkdtempSync(join(tmpdir(), "tail-sampling-e2e-"));
  server = await MortalServer.start({
    dataDir,
    start: ([node, ...words], environment) =>
      spawn(node!, [...words, ...flags], {
        env: { ...process.env, ...environment },
        stdio: ["ignore", "ignore", "pipe"],
      }),
  });
});
afterEach(async () => {
  await server.stop("SIGKILL");
  rmSync(dataDir, { recursive: true, force: true });
});

const post = async <T>(path: string, body: object): Promise<T> =>
  (await (await fetch(server.url + path, { method: "POST", body: JSON.stringify(body) })).json()) as T;
const tail = async () => ((await (await fetch(`${server.url}/api/status`)).json()) as Status).tailSampling;
const isSettled = (): Promise<void> =>
  expect.poll(async () => (await tail())?.documents.waiting, { timeout: 60_000, interval: 250 }).toBe(0);
const traceIds = async (): Promise<string[]> => {
  const result = await cli(["traces", "--since", "2h", "--limit", "100000", "--json", "--endpoint", server.url]);
  return (JSON.parse(result.stdout) as { Id: string }[]).map(({ Id }) => Id);
};

it("what was acknowledged while it waited is decided after kill -9 as if nothing had been", async () => {
  const startSeconds = Date.now() / 1000 - 600;
  const traces = [...workloadTraces({ seed: 6, traces: 600, startSeconds, spanSeconds: 500 })];
  const documents = traces.flatMap((trace) => trace.documents.map(({ text }) => ({ id: trace.id, text })));
  for (let at = 0; at < documents.length; at += 50) {
    // In the middle of it, traces are half sent, half decided and half written.
    if (at === 1_000 || at === 2_000) {
      await server.stop("SIGKILL");
      await server.start();
    }
    const TraceSegmentDocuments = documents.slice(at, at + 50).map(({ text }) => text);
    const { UnprocessedTraceSegments } = await post<PutTraceSegmentsResponse>("/TraceSegments", {
      TraceSegmentDocuments,
    });
    expect(UnprocessedTraceSegments).toEqual([]);
  }
  await isSettled();
  const kept = new Set(await traceIds());
  const byShare = traces.filter(({ id }) => weightBy(id, share) > 0).map(({ id }) => id);
  expect(byShare.filter((id) => !kept.has(id))).toEqual([]);
  const isFaulty = (text: string): boolean => {
    const { fault, error, parent_id } = JSON.parse(text);
    return parent_id === undefined && (fault === true || error === true);
  };
  const faulty = documents.filter(({ text }) => isFaulty(text)).map(({ id }) => id);
  expect(faulty.length).toBeGreaterThan(0);
  expect(faulty.filter((id) => !kept.has(id))).toEqual([]);
  expect(kept.size).toBeLessThan(0.6 * traces.length);

  const times = { StartTime: startSeconds - 60, EndTime: startSeconds + 1_200 };
  const { Services } = await post<GetServiceGraphResponse>("/ServiceGraph", times);
  const counted = Services.reduce((sum, { SummaryStatistics }) => sum + (SummaryStatistics?.TotalCount ?? 0), 0);
  expect(Math.abs(counted / documents.length - 1)).toBeLessThan(4 * Math.sqrt((1 - share) / share / traces.length));
  const map = await cli(["map", "--since", "2h", "--endpoint", server.url]);
  expect(map.stderr).toMatch(/estimates: tail sampling has 1 in \d/);
}, 240_000);

it("whole traces only, also of those that come by UDP", async () => {
  const startSeconds = Date.now() / 1000 - 60;
  const traces = [...workloadTraces({ seed: 8, traces: 60, startSeconds, spanSeconds: 50 })];
  const socket = createSocket("udp4");
  for (const { documents } of traces) {
    for (const { text } of documents) {
      await new Promise((resolve) =>
        socket.send(`{"format": "json", "version": 1}\n${text}`, server.port, "127.0.0.1", resolve),
      );
    }
  }
  socket.close();
  await expect.poll(async () => (await tail())?.documents.taken, { timeout: 30_000 }).toBeGreaterThan(0);
  await isSettled();
  const kept = new Set(await traceIds());
  for (const { id, documents } of traces.filter((trace) => kept.has(trace.id))) {
    const answer = await (await fetch(`${server.url}/api/traces/${id}/documents`)).json();
    const finished = new Set(documents.map(({ text }) => JSON.parse(text).id));
    expect((answer as { documents: string[] }).documents).toHaveLength(finished.size);
  }
  expect(kept.size).toBeGreaterThan(0);
}, 120_000);
