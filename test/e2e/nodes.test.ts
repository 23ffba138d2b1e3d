import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { MortalServer } from "../chaos/mortal-server.ts";
import { type ClickHouseServer, startClickHouse } from "../clickhouse/clickhouse-server.ts";
import { freePort } from "../fixtures/free-port.ts";
import { parseMetrics } from "../fixtures/parse-metrics.ts";
import { run, startUp } from "../interop/running-up.ts";
import { followEvents } from "./follow-events.ts";

const main = fileURLToPath(new URL("../../dist/cli/main.js", import.meta.url));

/** Two `fluoroscope up` over one ClickHouse: whichever is asked, it knows what was sent to the other. */
let clickhouse: ClickHouseServer | { readonly reason: string };
let a: MortalServer;
let b: MortalServer;
const folders: string[] = [];

beforeAll(async () => {
  clickhouse = await startClickHouse();
  if ("reason" in clickhouse) return;
  const environment = { FLUOROSCOPE_STORE: clickhouse.address("nodes") };
  const start = (): Promise<MortalServer> => MortalServer.start({ dataDir: aFolder(), environment });
  [a, b] = await Promise.all([start(), start()]);
}, 300_000);
afterAll(async () => {
  await Promise.all([a?.stop("SIGTERM"), b?.stop("SIGTERM")]);
  if (!("reason" in clickhouse)) await clickhouse.stop();
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});
beforeEach(({ skip }) => {
  if ("reason" in clickhouse) skip(clickhouse.reason);
});

/** Not there yet: a node that makes it keeps something on this machine. */
function aFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "fluoroscope-node-"));
  folders.push(folder);
  return join(folder, "data");
}

interface Answer<Body> {
  readonly status: number;
  readonly body: Body;
}

async function post<Body = unknown>(node: MortalServer, path: string, body: object): Promise<Answer<Body>> {
  const answer = await fetch(node.url + path, { method: "POST", body: JSON.stringify(body) });
  return { status: answer.status, body: (await answer.json()) as Body };
}

const now = (): number => Date.now() / 1000;
let traces = 0;
function aTraceId(): string {
  traces += 1;
  const random = Math.random().toString(16).slice(2, 14).padEnd(12, "0");
  return `1-${Math.floor(now()).toString(16)}-${random}${traces.toString(16).padStart(12, "0")}`;
}
const segment = (traceId: string, members: object): string =>
  JSON.stringify({ trace_id: traceId, start_time: now() - 2, end_time: now() - 1, ...members });
const put = (node: MortalServer, ...documents: string[]): Promise<Answer<{ UnprocessedTraceSegments: unknown[] }>> =>
  post(node, "/TraceSegments", { TraceSegmentDocuments: documents });

interface Traces {
  readonly Traces: readonly { readonly Segments: readonly { readonly Id: string }[] }[];
}
const segmentsOf = async (node: MortalServer, traceId: string): Promise<string[]> =>
  ((await post<Traces>(node, "/Traces", { TraceIds: [traceId] })).body.Traces[0]?.Segments ?? [])
    .map(({ Id }) => Id)
    .toSorted();

describe("two nodes over one ClickHouse", () => {
  it("make one trace and one map of documents that are split over both", async () => {
    const traceId = aTraceId();
    const call = {
      id: "00000000000000a2",
      name: "orders",
      namespace: "remote",
      start_time: now() - 2,
      end_time: now() - 1,
    };
    await Promise.all([
      put(a, segment(traceId, { id: "00000000000000a1", name: "front", subsegments: [call] })),
      put(b, segment(traceId, { id: "00000000000000a3", name: "orders", parent_id: "00000000000000a2" })),
    ]);
    expect(await segmentsOf(a, traceId)).toEqual(["00000000000000a1", "00000000000000a3"]);
    expect(await segmentsOf(b, traceId)).toEqual(["00000000000000a1", "00000000000000a3"]);
    const range = { StartTime: now() - 300, EndTime: now() + 60 };
    const [ofA, ofB] = await Promise.all([a, b].map((node) => post(node, "/ServiceGraph", range)));
    expect(ofA!.body).toEqual(ofB!.body);
    const { Services } = ofA!.body as { Services: { Name: string; Type?: string; Edges: unknown[] }[] };
    expect(Services.map(({ Name, Type = "" }) => `${Name} ${Type}`.trim()).toSorted()).toEqual(
      ["front", "front client", "orders"].toSorted(),
    );
    expect(Services.find(({ Name, Type }) => Name === "front" && Type === undefined)?.Edges).toHaveLength(1);
  });

  it("go on with a page's token where the other has left off", async () => {
    const ids = Array.from({ length: 130 }, () => aTraceId());
    const documents = ids.map((id) => segment(id, { id: "00000000000000b1", name: "paged" }));
    expect((await put(a, ...documents)).status).toBe(200);
    const range = { StartTime: now() - 300, EndTime: now() + 60, FilterExpression: 'service("paged")' };
    interface Page {
      readonly TraceSummaries: readonly { readonly Id: string }[];
      readonly NextToken?: string;
    }
    const found: string[] = [];
    let pages = 0;
    for (let NextToken: string | undefined; pages === 0 || NextToken !== undefined; pages += 1) {
      const { body } = await post<Page>([a, b][pages % 2]!, "/TraceSummaries", {
        ...range,
        ...(NextToken && { NextToken }),
      });
      found.push(...body.TraceSummaries.map(({ Id }) => Id));
      NextToken = body.NextToken;
    }
    expect(pages).toBeGreaterThan(1);
    expect(found.toSorted()).toEqual(ids.toSorted());
  });

  it("know groups and sampling rules that were made on the other within seconds", async () => {
    await post(a, "/CreateGroup", { GroupName: "faulty", FilterExpression: "fault" });
    const groups = async (): Promise<string[]> =>
      (await post<{ Groups: { GroupName: string }[] }>(b, "/Groups", {})).body.Groups.map(({ GroupName }) => GroupName);
    await expect.poll(groups, { timeout: 20_000 }).toContain("faulty");
  });

  it("lose no setting when both change them at the same time", async () => {
    const names = Array.from({ length: 8 }, (_, index) => `at-once-${index}`);
    const made = await Promise.all(
      names.map((GroupName, index) => post([a, b][index % 2]!, "/CreateGroup", { GroupName })),
    );
    expect(made.map(({ status }) => status)).toEqual(names.map(() => 200));
    const groups = async (node: MortalServer): Promise<string[]> =>
      (await post<{ Groups: { GroupName: string }[] }>(node, "/Groups", {})).body.Groups.map(
        ({ GroupName }) => GroupName,
      );
    await expect.poll(() => groups(a), { timeout: 20_000 }).toEqual(expect.arrayContaining(names));
    await expect.poll(() => groups(b), { timeout: 20_000 }).toEqual(expect.arrayContaining(names));
  });

  it("share a rule's reservoir among the samplers of both", async () => {
    const rule = { RuleName: "shared", ReservoirSize: 12, FixedRate: 0, Priority: 1, Version: 1 };
    const all = { ResourceARN: "*", ServiceName: "*", ServiceType: "*", Host: "*", HTTPMethod: "*", URLPath: "*" };
    expect((await post(a, "/CreateSamplingRule", { SamplingRule: { ...rule, ...all } })).status).toBe(200);
    const quota = async (node: MortalServer, ClientID: string): Promise<number> => {
      const report = { RuleName: "shared", ClientID, Timestamp: now(), RequestCount: 60, SampledCount: 1 };
      const { body } = await post<{ SamplingTargetDocuments: { ReservoirQuota: number }[] }>(node, "/SamplingTargets", {
        SamplingStatisticsDocuments: [report],
      });
      return body.SamplingTargetDocuments[0]?.ReservoirQuota ?? Number.NaN;
    };
    const shares = (): Promise<number[]> => Promise.all([quota(a, "a".repeat(24)), quota(b, "b".repeat(24))]);
    // Both have been heard of, and by both.
    await expect
      .poll(async () => (await shares()).reduce((sum, share) => sum + share, 0), { timeout: 20_000 })
      .toBe(12);
  });

  it("stream what came to the other, and what came here once", async () => {
    const events = await followEvents(b.url);
    try {
      const [there, here] = [aTraceId(), aTraceId()];
      // Those that follow hear of what comes from now on.
      await expect
        .poll(
          async () => {
            await put(a, segment(aTraceId(), { id: "00000000000000c0", name: "front" }));
            return events.traceIds().length > 0;
          },
          { timeout: 20_000, interval: 500 },
        )
        .toBe(true);
      await put(a, segment(there, { id: "00000000000000c1", name: "front" }));
      await put(b, segment(here, { id: "00000000000000c2", name: "front" }));
      await expect.poll(() => events.traceIds(), { timeout: 20_000 }).toEqual(expect.arrayContaining([there, here]));
      // Whatever the other way might bring would have come with this one.
      const last = aTraceId();
      await put(a, segment(last, { id: "00000000000000c3", name: "front" }));
      await expect.poll(() => events.traceIds(), { timeout: 20_000 }).toContain(last);
      expect(events.traceIds().filter((id) => id === here)).toHaveLength(1);
      expect(events.traceIds().filter((id) => id === there)).toHaveLength(1);
    } finally {
      events.close();
    }
  });

  it("keep everything that one of them acknowledged before it was killed", async () => {
    const acknowledged: string[] = [];
    let isDead = false;
    const sender = async (): Promise<void> => {
      while (!isDead) {
        const traceId = aTraceId();
        const { status, body } = await put(a, segment(traceId, { id: "00000000000000d1", name: "front" }));
        if (status === 200 && body.UnprocessedTraceSegments.length === 0) acknowledged.push(traceId);
      }
    };
    const senders = Array.from({ length: 4 }, () => sender().catch(() => undefined));
    await expect.poll(() => acknowledged.length, { timeout: 30_000 }).toBeGreaterThan(20);
    await a.stop("SIGKILL");
    isDead = true;
    await Promise.all(senders);
    for (const traceId of acknowledged) expect(await segmentsOf(b, traceId)).toEqual(["00000000000000d1"]);
    await a.start();
    expect(await segmentsOf(a, acknowledged[0]!)).toEqual(["00000000000000d1"]);
  });

  it("say that ClickHouse is away, answer 503 meanwhile, and are as before when it is back", async () => {
    const server = clickhouse as ClickHouseServer;
    const health = async (): Promise<number> => (await fetch(`${a.url}/healthz`)).status;
    await expect.poll(health, { timeout: 60_000 }).toBe(200);
    const traceId = aTraceId();
    await put(a, segment(traceId, { id: "00000000000000e1", name: "front" }));
    await server.kill();
    try {
      await expect.poll(health, { timeout: 30_000 }).toBe(503);
      const { reasons } = (await (await fetch(`${a.url}/healthz`)).json()) as { reasons: string[] };
      expect(reasons[0]).toMatch(/ClickHouse at http:\/\/127\.0\.0\.1:\d+ does not answer/);
      const range = { StartTime: now() - 300, EndTime: now() + 60 };
      expect((await post(a, "/TraceSummaries", range)).status).toBe(503);
      expect((await put(a, segment(aTraceId(), { id: "00000000000000e2", name: "front" }))).status).toBe(503);
      // Samplers go on with the rules that were known.
      expect((await post(a, "/GetSamplingRules", {})).status).toBe(200);
      const metrics = parseMetrics(await (await fetch(`${a.url}/metrics`)).text());
      expect(metrics.get("fluoroscope_store_usable")?.samples[0]?.value).toBe(0);
    } finally {
      await server.start();
    }
    await expect.poll(health, { timeout: 60_000 }).toBe(200);
    expect((await put(a, segment(traceId, { id: "00000000000000e3", name: "front" }))).status).toBe(200);
    expect(await segmentsOf(b, traceId)).toEqual(["00000000000000e1", "00000000000000e3"]);
  });

  it("have kept nothing on their own disks", () => {
    expect(
      folders.flatMap((folder) => (existsSync(join(folder, "data")) ? readdirSync(join(folder, "data")) : [])),
    ).toEqual([]);
  });
});

it("whom `fluoroscope keys` names is let in on every node of that store, and who is left out no longer", async () => {
  const store = (clickhouse as ClickHouseServer).address("guarded");
  const folder = mkdtempSync(join(tmpdir(), "fluoroscope-keys-"));
  folders.push(folder);
  const setKeys = (...ids: string[]): string => {
    const file = join(folder, "keys.json");
    const keys = ids.map((id) => ({ id, secret: `${id}-with-a-long-secret`, access: "all", name: "the team" }));
    writeFileSync(file, JSON.stringify({ keys }));
    return execFileSync(process.execPath, [main, "keys", file, "--store", store], { encoding: "utf8" });
  };
  const table = setKeys("first");
  expect(table).toMatch(/first +all +the team/);
  expect(table).not.toContain("long-secret");
  const node = await startUp({ FLUOROSCOPE_STORE: store }, ["--otlp-http-port", "0", "--otlp-grpc-port", "0"]);
  try {
    const status = async (id?: string): Promise<number> => {
      const basic = Buffer.from(`${id}:${id}-with-a-long-secret`).toString("base64");
      const headers = id === undefined ? {} : { authorization: `Basic ${basic}` };
      return (await fetch(`${node.http}/api/status`, { headers })).status;
    };
    expect([await status(), await status("first"), await status("second")]).toEqual([401, 200, 401]);
    setKeys("second");
    await expect.poll(() => status("second"), { timeout: 30_000 }).toBe(200);
    expect(await status("first")).toBe(401);
  } finally {
    await node.close();
  }
});

it("`fluoroscope doctor` says whether ClickHouse is there", async () => {
  const server = clickhouse as ClickHouseServer;
  const look = async (store: string): Promise<{ kind: string; subject: string; text: string; remedy?: string }[]> => {
    const { output } = await run(process.execPath, [main, "doctor", "--json", "--port", "0", "--store", store]);
    return (JSON.parse(output) as Awaited<ReturnType<typeof look>>).filter(({ subject }) => subject === "ClickHouse");
  };
  expect(await look(server.address("nodes"))).toEqual([
    { kind: "fine", subject: "ClickHouse", text: expect.stringMatching(/^Version \d+\.\d+.* answers at http:/) },
  ]);
  const [finding] = await look(`clickhouse://127.0.0.1:${await freePort()}/nodes`);
  expect(finding).toMatchObject({ kind: "trouble", text: expect.stringContaining("does not answer") });
  expect(finding?.remedy).toMatch(/--store\.$/);
});

it.each([
  ["--ephemeral", []],
  ["--no-store", ["--upstream", "aws"]],
])("--store and %s are refused together", async (flag, more) => {
  const { code } = await run(process.execPath, [main, "up", flag, ...more], {
    FLUOROSCOPE_STORE: "clickhouse://db.example/traces",
    AWS_REGION: "eu-west-1",
  });
  expect(code).toBe(1);
});
