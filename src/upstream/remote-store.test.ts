import { expect, it } from "vitest";
import { aDocument, anId } from "../../test/fixtures/builders.ts";
import { answerOperations } from "../api/answer-operations.ts";
import { batchGetTraces } from "../api/operations/batch-get-traces.ts";
import { getTraceSummaries } from "../api/operations/get-trace-summaries.ts";
import { ourChoices } from "../aws-choices.ts";
import { parseFilter } from "../filter/parser.ts";
import type { XrayApi, XrayApiRequest } from "../forward/xray-api.ts";
import { Ingest } from "../ingest/ingest.ts";
import { noInsights } from "../insights/insight.ts";
import { silentLog } from "../log.ts";
import { SamplingTargets } from "../sampling/targets.ts";
import { documentInMemory } from "../settings/document-store.ts";
import { initialSettings } from "../settings/settings.ts";
import { MemoryStore } from "../store/memory/memory-store.ts";
import type { StoreChange } from "../store/trace-store.ts";
import { askApi } from "./ask-api.ts";
import { RemoteStore } from "./remote-store.ts";
import { RemoteTraces } from "./remote-traces.ts";

const startSeconds = 1_700_000_000;
const range = { startSeconds: startSeconds - 60, endSeconds: startSeconds + 60 };

/** An X-Ray API with AWS's limits, in this process; and a remote store that knows it by its API alone. */
function aRemote() {
  const theirs = new MemoryStore();
  const asked: string[] = [];
  const troubles: { status: number; code: string }[] = [];
  const config = { accountId: "000000000000", region: "eu-west-1", strictLimits: true, awsChoices: ourChoices };
  const answer = answerOperations([getTraceSummaries, batchGetTraces], {
    store: theirs,
    settings: documentInMemory(initialSettings),
    config,
    ingest: new Ingest(theirs),
    insights: documentInMemory(noInsights),
    targets: new SamplingTargets(),
    log: silentLog,
    now: () => (startSeconds + 60) * 1000,
  });
  const api: XrayApi = {
    name: "aws eu-west-1",
    endpoint: new URL("http://127.0.0.1"),
    async request({ method, path, body }: XrayApiRequest) {
      asked.push(path);
      const trouble = troubles.shift();
      const answered =
        trouble === undefined
          ? (await answer({ method, path, body: Buffer.from(body) }))!
          : { status: trouble.status, body: { __type: trouble.code, message: "as the test wants it" } };
      return { status: answered.status, headers: {}, body: Buffer.from(JSON.stringify(answered.body)) };
    },
    close: async () => {},
  };
  const store = new RemoteStore({
    traces: new RemoteTraces(askApi(api)),
    put: (documents) => void theirs.append(documents.map((bytes) => ({ bytes }))),
    usage: async () => ({ segments: 0, traces: 0, bytes: 0 }),
    log: silentLog,
    now: () => (startSeconds + 1) * 1000,
  });
  return { store, theirs, asked, troubles };
}

/** A trace of a client, a shop and a database that is only known from the shop's call. */
function aTrace(n: number, members: object = {}): Uint8Array {
  const call = { id: anId(), name: "db", namespace: "remote", start_time: startSeconds, end_time: startSeconds + 0.5 };
  const id = `1-${startSeconds.toString(16)}-${n.toString(16).padStart(24, "0")}`;
  return Buffer.from(
    aDocument({ trace_id: id, end_time: startSeconds + 1, annotations: { n }, subsegments: [call], ...members }),
  );
}

it("a graph of the traces that match is the one that the other side would fold itself", async () => {
  const { store, theirs } = aRemote();
  await store.append(Array.from({ length: 12 }, (_, n) => ({ bytes: aTrace(n, n % 3 === 0 ? { fault: true } : {}) })));
  const query = { ...range, filter: parseFilter("fault AND annotation.n > 2") };
  const graph = await store.serviceGraph(query);
  expect(graph).toEqual(await theirs.serviceGraph(query));
  expect(graph.nodes.map(({ name }) => name)).toContain("db");
  expect(graph.nodes.find(({ name, type }) => name === "shop" && type !== "client")?.statistics?.fault).toBe(3);
  const series = { ...query, periodSeconds: 60 };
  expect(await store.timeSeries(series)).toEqual(await theirs.timeSeries(series));
});

it("more than five hundred traces are said to be too many, and what is there grows until then", async () => {
  const { store } = aRemote();
  await store.append(Array.from({ length: 620 }, (_, n) => ({ bytes: aTrace(n) })));
  const totals: number[] = [];
  const total = (graph: Awaited<ReturnType<typeof store.serviceGraph>>): number =>
    graph.nodes.find(({ name, type }) => name === "shop" && type !== "client")!.statistics!.total;
  const graph = await store.serviceGraph(range, (partial) => totals.push(total(partial)));
  expect(graph.isPartial).toBe(true);
  expect(total(graph)).toBe(500);
  expect(totals).toEqual([100, 200, 300, 400, 500]);
});

it("a trace is fetched once for each of its versions", async () => {
  const { store, asked } = aRemote();
  await store.append([{ bytes: aTrace(1) }]);
  await store.serviceGraph(range);
  await store.serviceGraph(range);
  expect(asked).toEqual(["/TraceSummaries", "/Traces", "/TraceSummaries"]);
  await store.append([{ bytes: aTrace(1, { name: "more" }) }]);
  const graph = await store.serviceGraph(range);
  expect(asked.slice(3)).toEqual(["/TraceSummaries", "/Traces"]);
  expect(graph.nodes.map(({ name }) => name)).toContain("more");
});

it("documents are those that were sent, without those that the other side has made up", async () => {
  const { store } = aRemote();
  await store.append([{ bytes: aTrace(1) }]);
  const id = `1-${startSeconds.toString(16)}-${"1".padStart(24, "0")}`;
  const [trace] = await store.readTraces([id, "1-6553f100-ffffffffffffffffffffffff"]);
  expect(trace?.documents.map((document) => (JSON.parse(document) as { name: string }).name)).toEqual(["shop"]);
  await store.append([{ bytes: aTrace(1, { name: "more" }) }]);
  const [later] = await store.readTraces([id]);
  expect(later?.documents.length).toBe(2);
  expect(later!.revision).toBeGreaterThan(trace!.revision);
});

it("an API that is busy is asked again, and one that refuses is quoted", async () => {
  const { store, asked, troubles } = aRemote();
  troubles.push({ status: 429, code: "ThrottledException" }, { status: 503, code: "ServiceUnavailable" });
  expect((await store.serviceGraph(range)).nodes).toEqual([]);
  expect(asked.length).toBe(3);
  troubles.push({ status: 403, code: "AccessDeniedException" });
  await expect(store.serviceGraph(range)).rejects.toMatchObject({
    message: "aws eu-west-1 answers /TraceSummaries with 403 (AccessDeniedException: as the test wants it).",
    retryable: false,
  });
});

it("who follows hears of what comes after he began, and nobody is asked when nobody follows", async () => {
  const { store, asked } = aRemote();
  await store.append([{ bytes: aTrace(1) }]);
  const changes: StoreChange[] = [];
  const stop = store.subscribe((change) => changes.push(change));
  await expect.poll(() => asked.length).toBe(1);
  await store.append([{ bytes: aTrace(2) }]);
  await expect.poll(() => changes.length, { timeout: 15_000 }).toBe(1);
  expect(changes[0]!.digests.map(({ id }) => id.slice(-2))).toEqual(["02"]);
  expect(changes[0]!.graph.nodes.map(({ name }) => name)).toContain("db");
  expect(changes[0]!.truncated).toBe(false);
  stop();
  await store.close();
});
