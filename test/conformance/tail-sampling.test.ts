import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { GetServiceGraphCommand, GetTraceSummariesCommand, PutTraceSegmentsCommand } from "@aws-sdk/client-xray";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { workloadTraces } from "../../bench/workload.ts";
import type { GetServiceGraphResponse, Status } from "../../src/api/wire.ts";
import { MemoryStore } from "../../src/store/memory/memory-store.ts";
import { aDocument } from "../fixtures/builders.ts";
import { parseMetrics } from "../fixtures/parse-metrics.ts";
import { type AServer, aServer } from "./a-server.ts";

let server: AServer | undefined;
let dataDir: string;
beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), "tail-sampling-test-"));
});
afterEach(async () => {
  await server?.close();
  server = undefined;
  rmSync(dataDir, { recursive: true, force: true });
});

const open = async (flags: Record<string, string>): Promise<AServer> => {
  server = await aServer(flags);
  return server;
};
const statusOf = async ({ addresses }: AServer): Promise<Status> =>
  (await (await fetch(`${addresses.http}/api/status`)).json()) as Status;

async function put({ client }: AServer, documents: readonly string[]): Promise<void> {
  for (let at = 0; at < documents.length; at += 50) {
    const TraceSegmentDocuments = documents.slice(at, at + 50);
    const answer = await client.send(new PutTraceSegmentsCommand({ TraceSegmentDocuments }));
    expect(answer.UnprocessedTraceSegments).toEqual([]);
  }
}

/** Waits until everything is decided and kept. */
const settled = (of: AServer, taken: number): Promise<void> =>
  expect
    .poll(async () => (await statusOf(of)).tailSampling?.documents, { timeout: 40_000 })
    .toMatchObject({ taken, waiting: 0 });

describe("tail sampling", () => {
  it("keeps what rules want and a share of the rest, and the API's figures are those of all", async () => {
    const nowSeconds = Math.floor(Date.now() / 1000);
    const traces = [...workloadTraces({ seed: 21, traces: 1_200, startSeconds: nowSeconds - 600, spanSeconds: 500 })];
    const documents = traces.flatMap((trace) => trace.documents.map(({ text }) => text));
    const truth = new MemoryStore();
    await truth.append(documents.map((text) => ({ bytes: Buffer.from(text) })));
    const range = { startSeconds: nowSeconds - 3_600, endSeconds: nowSeconds + 600 };
    const exact = (await truth.serviceGraph(range)).nodes.filter(({ isClient }) => !isClient);

    const sampling = await open({ keep: "fault = true OR error\nthrottle", keepRest: "25%", decideAfter: "1s" });
    await put(sampling, documents);
    await settled(sampling, documents.length);

    const times = { StartTime: new Date(range.startSeconds * 1000), EndTime: new Date(range.endSeconds * 1000) };
    const { Services = [] } = await sampling.client.send(new GetServiceGraphCommand(times));
    const services = Services.filter(({ Type }) => Type !== "client");
    const [all, counted] = [exact.map(({ statistics }) => statistics.total), services.map(totalOf)];
    const sum = (numbers: readonly number[]): number => numbers.reduce((total, each) => total + each, 0);
    expect(counted.every(Number.isInteger)).toBe(true);
    // Of 1,200 traces a quarter: each figure has a deviation of some (3 n)^½ traces, and five segments go with a trace.
    expect(Math.abs(sum(counted) - sum(all)) / sum(all)).toBeLessThan(4 * Math.sqrt(3 / 1_200));

    // Ours, which AWS's client does not see: how much of that was not kept.
    const { body } = await sampling.post("/ServiceGraph", {
      StartTime: range.startSeconds,
      EndTime: range.endSeconds,
    });
    const statistics = (body as unknown as GetServiceGraphResponse).Services.map((each) => each.SummaryStatistics);
    const notKept = statistics.map((each) => each?.EstimatedCount ?? 0);
    expect(notKept.every((count, at) => count <= (statistics[at]?.TotalCount ?? 0))).toBe(true);
    expect(sum(notKept)).toBeGreaterThan(sum(counted) / 4);

    const { tailSampling, store } = await statusOf(sampling);
    const { rules, rest, droppedTraces, documents: told } = tailSampling!;
    expect(sum(rules.map(({ keptTraces }) => keptTraces)) + rest.keptTraces + droppedTraces).toBe(1_200);
    expect(store.traces).toBe(1_200 - droppedTraces);
    expect(told.taken).toBe(told.kept + told.dropped);
    const metrics = parseMetrics(await (await fetch(`${sampling.addresses.http}/metrics`)).text());
    expect(metrics.get("fluoroscope_tail_traces_dropped_total")?.samples[0]?.value).toBe(droppedTraces);

    const faults = async (filter: string) =>
      (await sampling.client.send(new GetTraceSummariesCommand({ ...times, FilterExpression: filter }))).TraceSummaries;
    const expected = (await truth.findTraces({ ...range, rangeType: "TraceId", limit: 9_999 })).digests.filter(
      ({ entry, segments }) => entry !== undefined && segments[entry]!.fault,
    );
    expect(await faults("fault = true")).toHaveLength(expected.length);
  }, 120_000);

  it.each([
    [{ keep: "fualt", keepRest: "10%" }, /fualt/],
    [{ keep: "fault" }, /--keep-rest 10%/],
  ])("says at the start what is wrong with its rules: %s", async (flags, message) => {
    await expect(aServer(flags)).rejects.toMatchObject({
      code: "FLUORO_BAD_CONFIG",
      message: expect.stringMatching(message),
    });
  });
});

describe("what waits for a decision when fluoroscope ends", () => {
  const flags = () => ({ ephemeral: "false", dataDir, keep: "fault", keepRest: "0%", decideAfter: "60s" });
  const faulty = aDocument({ fault: true });
  const other = aDocument({ trace_id: "1-6553f100-0000000000000000000000aa" });

  it("is decided by the next one", async () => {
    const first = await open(flags());
    await put(first, [faulty, other]);
    expect((await statusOf(first)).store.traces).toBe(0);
    await first.close();
    const second = await open({ ...flags(), decideAfter: "1s" });
    await settled(second, 2);
    expect((await statusOf(second)).store.traces).toBe(1);
  });

  it("is kept, all of it, when the next one has no rules", async () => {
    await put(await open(flags()), [faulty, other]);
    await server!.close();
    const second = await open({ ephemeral: "false", dataDir });
    const status = await statusOf(second);
    expect(status.store.traces).toBe(2);
    expect(status).not.toHaveProperty("tailSampling");
  });

  it("is decided before it ends where nothing is kept on disk, so that an upstream still gets it", async () => {
    const upstream = await aServer();
    const first = await open({ ...flags(), ephemeral: "true", upstream: upstream.addresses.http });
    await put(first, [faulty, other]);
    await first.close();
    await expect.poll(async () => (await statusOf(upstream)).store.traces).toBe(1);
    await upstream.close();
  });
});

const totalOf = ({ SummaryStatistics }: { SummaryStatistics?: { TotalCount?: number | undefined } | undefined }) =>
  SummaryStatistics?.TotalCount ?? 0;
