import { setTimeout } from "node:timers/promises";
import fc from "fast-check";
import { afterAll, afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { workloadDocuments } from "../../bench/workload.ts";
import { parseFilter } from "../../src/filter/parser.ts";
import { silentLog } from "../../src/log.ts";
import { parseClickHouseAddress } from "../../src/store/clickhouse/address.ts";
import { type ClickHouseOptions, ClickHouseStore } from "../../src/store/clickhouse/clickhouse-store.ts";
import { connectClickHouse } from "../../src/store/clickhouse/connect.ts";
import { writeLog } from "../../src/store/clickhouse/document-log.ts";
import { firstStatements, migrations } from "../../src/store/clickhouse/schema.ts";
import { MemoryStore } from "../../src/store/memory/memory-store.ts";
import { startClickHouse } from "../clickhouse/clickhouse-server.ts";
import { aDocument, anId } from "../fixtures/builders.ts";
import {
  allPages,
  append,
  describeStore,
  everyTrace,
  everything,
  expectSameAnswers,
  manyTraces,
  type OpenOptions,
  t0,
} from "./store-contract.ts";
import { describeWeights } from "./weights-contract.ts";

const server = await startClickHouse();

// Each question is a request or two: as many random cases as fit into this time.
vi.setConfig({ testTimeout: 180_000 });
fc.configureGlobal({ interruptAfterTimeLimit: 20_000 });

describe("with ClickHouse", () => {
  if ("reason" in server) {
    it("needs chDB", ({ skip }) => skip(server.reason));
    return;
  }
  afterAll(() => server.stop());
  let databases = 0;
  const open = (options: OpenOptions & { quietMs?: number; pageScan?: number } = {}): ClickHouseStore => {
    databases += 1;
    const address = server.address(`traces_${databases}`);
    return new ClickHouseStore({ address, log: silentLog, now: Date.now, ...options });
  };

  describeStore("the store in ClickHouse", open);
  describeWeights("the store in ClickHouse", open);

  it("gives the reference's answers from a cluster, where tables are in shares", async () => {
    databases += 1;
    const address = `${server.address(`traces_${databases}`)}?cluster=main`;
    const store = new ClickHouseStore({ address, quietMs: 0, pageScan: 40, log: silentLog, now: Date.now });
    const reference = new MemoryStore();
    const documents = [...workloadDocuments({ seed: 4, traces: 90, startSeconds: t0, spanSeconds: 9_000 })];
    for (let at = 0; at < documents.length; at += 60) {
      for (const each of [store, reference]) await append(each, ...documents.slice(at, at + 60));
    }
    const filters = ['annotation.tenant = "acme"', "fault AND responsetime > 0.1"].map((text) => parseFilter(text));
    await expectSameAnswers(store, reference, filters, [
      everything,
      { startSeconds: t0 + 100, endSeconds: t0 + 5_000 },
    ]);
    await store.prune(Date.now() / 1000 + 120);
    const [gone = ""] = await allPages(reference, everyTrace);
    for (const each of [store, reference]) expect(await each.remove?.([gone])).toBe(1);
    await expectSameAnswers(store, reference, [], [everything]);
    await store.clear();
    expect((await store.usage()).traces).toBe(0);
    await store.close();
  });

  describe("many nodes on one ClickHouse", () => {
    let nodes: ClickHouseStore[] = [];
    let database: string;
    beforeEach(() => {
      databases += 1;
      database = `traces_${databases}`;
    });
    afterEach(async () => {
      for (const node of nodes) await node.close();
      nodes = [];
    });
    const node = (options: Partial<ClickHouseOptions> = {}): ClickHouseStore => {
      const opened = new ClickHouseStore({
        ...{ address: server.address(database), log: silentLog, now: Date.now },
        ...options,
      });
      nodes.push(opened);
      return opened;
    };

    it("make one trace of what each of them gets of it, also at the same moment", async () => {
      const all = [node(), node(), node()];
      const reference = new MemoryStore();
      const documents = [...workloadDocuments({ seed: 5, traces: 120, startSeconds: t0, spanSeconds: 900 })];
      for (let at = 0; at < documents.length; at += 45) {
        const batches = [0, 1, 2].map((each) => documents.slice(at + 15 * each, at + 15 * (each + 1)));
        await Promise.all(batches.map((batch, each) => append(all[each]!, ...batch)));
        for (const batch of batches) await append(reference, ...batch);
      }
      const ids = (await allPages(reference, everyTrace)).toSorted();
      for (const store of all) {
        expect((await allPages(store, everyTrace)).toSorted()).toEqual(ids);
        expect(await store.serviceGraph(everything)).toEqual(await reference.serviceGraph(everything));
        expect(await store.serviceGraph({ ...everything, filter: parseFilter("fault") })).toEqual(
          await reference.serviceGraph({ ...everything, filter: parseFilter("fault") }),
        );
        expect(await store.usage()).toMatchObject({ traces: ids.length });
      }
    });

    it("agree on what came first when in-progress documents and repeats come over different ones", async () => {
      const [one, other] = [node(), node()];
      const reference = new MemoryStore();
      const id = anId();
      const running = aDocument({ id, in_progress: true, start_time: t0 + 3000 });
      const finished = aDocument({ id, start_time: t0 });
      for (const [store, document] of [
        [one, running],
        [other, finished],
        [one, running],
        [other, finished],
      ] as const) {
        await append(store, document);
        await append(reference, document);
      }
      await expectSameAnswers(one, reference, [parseFilter('service("shop")')]);
      await expectSameAnswers(other, reference, [parseFilter('service("shop")')]);
    });

    it("hear of what others write, each change once, and not twice of their own", async () => {
      const [one, other] = [node(), node()];
      const told: string[] = [];
      const stop = one.subscribe(({ digests }) => told.push(...digests.map(({ id, revision }) => `${id} ${revision}`)));
      // What was there when listening began is no news, so something has to come again and again first.
      const [first = "", second = "", ...others] = manyTraces(400);
      while (told.length === 0) {
        await append(other, others.pop() ?? "");
        await setTimeout(200);
      }
      const ids = [first, second].map((text) => JSON.parse(text).trace_id as string);
      await append(one, first);
      await append(other, second);
      await append(other, aDocument({ trace_id: ids[0]!, id: anId() }));
      await vi.waitFor(() => expect(told).toContain(`${ids[0]} 2`), { timeout: 60_000 });
      await append(other, others.pop() ?? "");
      const count = told.length;
      await vi.waitFor(() => expect(told.length).toBeGreaterThan(count), { timeout: 60_000 });
      stop();
      const news = told.filter((each) => ids.some((id) => each.startsWith(id)));
      expect(news.toSorted()).toEqual([`${ids[0]} 1`, `${ids[0]} 2`, `${ids[1]} 1`].toSorted());
      expect(new Set(told).size).toBe(told.length);
    });

    it("keep sums of quiet minutes, and trust none that was made before a change", async () => {
      const [one, other] = [node({ quietMs: 0 }), node({ quietMs: 0 })];
      const reference = new MemoryStore();
      const documents = [...workloadDocuments({ seed: 8, traces: 60, startSeconds: t0, spanSeconds: 1200 })];
      for (let at = 0; at < documents.length; at += 40) {
        const batch = documents.slice(at, at + 40);
        await append(one, ...batch);
        await append(reference, ...batch);
        await setTimeout(5);
        // Asked twice: the second answer comes from sums.
        for (const store of [one, other]) {
          expect(await store.serviceGraph(everything)).toEqual(await reference.serviceGraph(everything));
        }
      }
      const clickhouse = connectClickHouse(parseClickHouseAddress(server.address(database)));
      const [sums] = await clickhouse.rows<{ count: number }>(`SELECT count() AS count FROM ${database}.minutes FINAL`);
      await clickhouse.close();
      expect(sums?.count).toBeGreaterThan(10);
      const series = { ...everything, periodSeconds: 60 };
      expect(await other.timeSeries(series)).toEqual(await reference.timeSeries(series));
    });

    it("finish the traces of a node that was killed after it had written down what came", async () => {
      const [first, late] = [aDocument(), aDocument({ id: anId() })];
      const store = node();
      await append(store, first);
      const clickhouse = connectClickHouse(parseClickHouseAddress(server.address(database)));
      await writeLog(clickhouse, { database }, [
        {
          ...{ traceId: JSON.parse(late).trace_id, bytes: Buffer.from(late) },
          ...{ arrived: BigInt(Date.now()) * 1000n, append: 1n, position: 0 },
        },
      ]);
      await clickhouse.close();
      expect((await store.usage()).segments).toBe(1);
      await store.prune(Date.now() / 1000 + 120);
      expect((await store.usage()).segments).toBe(2);
      expect((await store.findTraces(everyTrace)).digests[0]?.revision).toBe(2);
    });

    it("lose nothing that was acknowledged when the server is killed, and go on when it is back", async () => {
      const store = node();
      const acknowledged: string[] = [];
      const failures: { code?: string; retryable?: boolean }[] = [];
      let restart: Promise<void> | undefined;
      const documents = manyTraces(1_200);
      while (acknowledged.length < documents.length) {
        const batch = documents.slice(acknowledged.length, acknowledged.length + 50);
        if (acknowledged.length === 300) {
          restart ??= setTimeout(10)
            .then(() => server.kill())
            .then(() => setTimeout(600))
            .then(() => server.start());
        }
        try {
          // The one under way is lost, or it is there although its sender was not told: then it comes again.
          await append(store, ...batch);
          acknowledged.push(...batch);
        } catch (error) {
          failures.push(error as { code?: string; retryable?: boolean });
          await setTimeout(50);
        }
      }
      await restart;
      expect(failures.length).toBeGreaterThan(0);
      for (const { code, retryable } of failures) expect([code, retryable]).toEqual(["FLUORO_STORE_UNREACHABLE", true]);
      const ids = new Set(await allPages(store, everyTrace));
      expect(acknowledged.filter((text) => !ids.has(JSON.parse(text).trace_id))).toEqual([]);
      for (const id of acknowledged.map((text) => JSON.parse(text).trace_id as string).slice(0, 200)) {
        expect((await store.readTraces([id]))[0]?.documents).toHaveLength(1);
      }
    });

    it("refuse a database of a newer fluoroscope, and change retention where another is wanted", async () => {
      await node({ retentionSeconds: 3600 }).usage();
      const clickhouse = connectClickHouse(parseClickHouseAddress(server.address(database)));
      const made = async () =>
        (await clickhouse.rows<{ text: string }>(`SHOW CREATE TABLE ${database}.documents`)).map((row) =>
          JSON.stringify(row),
        )[0];
      expect(await made()).toContain("toIntervalSecond(90000)");
      await node({ retentionSeconds: 7200 }).usage();
      expect(await made()).toContain("toIntervalSecond(93600)");
      await node().usage();
      expect(await made()).not.toContain("TTL");
      await clickhouse.run(`INSERT INTO ${database}.schema_version (version) VALUES (99)`);
      await clickhouse.close();
      await expect(node().usage()).rejects.toMatchObject({ code: "FLUORO_STORE_NEWER", retryable: false });
    });

    it("say what makes the tables of a cluster in words that ClickHouse understands", async () => {
      const clickhouse = connectClickHouse(parseClickHouseAddress(server.address("default")));
      const options = { database: "traces", cluster: "main", retentionSeconds: 3600 };
      const statements = [...firstStatements(options), ...migrations.flatMap((migration) => migration(options))];
      expect(statements.length).toBeGreaterThan(9);
      for (const statement of statements) {
        const tree = (await clickhouse.bytes(`EXPLAIN AST ${statement}`)).toString();
        expect(tree).toContain("Create");
      }
      await clickhouse.close();
    });
  });
});
