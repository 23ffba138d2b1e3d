import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, openSync, readdirSync, rmSync, statSync, writeFileSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { workloadDocuments } from "../../bench/workload.ts";
import { parseFilter } from "../../src/filter/parser.ts";
import { type Log, silentLog } from "../../src/log.ts";
import { loadDriver } from "../../src/store/embedded/driver.ts";
import { EmbeddedStore } from "../../src/store/embedded/embedded-store.ts";
import { MemoryStore } from "../../src/store/memory/memory-store.ts";
import { openStore } from "../../src/store/open-store.ts";
import { aDocument, anId } from "../fixtures/builders.ts";
import {
  allPages,
  append,
  describeStore,
  everyTrace,
  everything,
  expectSameAnswers,
  manyTraces,
  t0,
} from "./store-contract.ts";
import { describeWeights } from "./weights-contract.ts";

describeStore(
  "the embedded store",
  (options = {}) => new EmbeddedStore({ directory: undefined, log: silentLog, now: Date.now, ...options }),
);

describeStore(
  "the embedded store with many small parts, short runs and pages that end early",
  (options = {}) =>
    new EmbeddedStore({
      ...{ directory: undefined, log: silentLog, now: Date.now },
      ...{ runLength: 6, partBytes: 200_000, pageScan: 9 },
      ...options,
    }),
);

describeWeights(
  "the embedded store with short runs",
  (options = {}) =>
    new EmbeddedStore({ directory: undefined, log: silentLog, now: Date.now, runLength: 16, ...options }),
);

describe("the embedded store's files", () => {
  let directory: string;
  let opened: EmbeddedStore[] = [];
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), "embedded-store-test-"));
  });
  afterEach(async () => {
    for (const store of opened) await store.close();
    opened = [];
    rmSync(directory, { recursive: true, force: true });
  });

  const open = (options: Partial<ConstructorParameters<typeof EmbeddedStore>[0]> = {}): EmbeddedStore => {
    const store = new EmbeddedStore({ directory, log: silentLog, now: Date.now, ...options });
    opened.push(store);
    return store;
  };
  const reopen = async (options?: Parameters<typeof open>[0]): Promise<EmbeddedStore> => {
    await opened.at(-1)?.close();
    return open(options);
  };
  const parts = (): string[] => readdirSync(directory).filter((name) => name.endsWith(".db"));

  it("hold everything when the store is opened again, and what comes late finds its trace there", async () => {
    const reference = new MemoryStore();
    const id = anId();
    const documents = [aDocument({ id, in_progress: true }), ...manyTraces(30), aDocument({ parent_id: id })];
    for (let at = 0; at < documents.length; at += 5) {
      const store = await reopen();
      await append(store, ...documents.slice(at, at + 5));
      await append(reference, ...documents.slice(at, at + 5));
    }
    const store = await reopen();
    await append(store, aDocument({ id }), documents[1]!);
    await append(reference, aDocument({ id }), documents[1]!);
    await expectSameAnswers(store, reference, [parseFilter('service("shop")')]);
  }, 120_000);

  it("give the reference's answers when thousands of traces have come in bits, in no order", async () => {
    const reference = new MemoryStore();
    const store = open();
    const documents = [...workloadDocuments({ seed: 3, traces: 2500, startSeconds: t0, spanSeconds: 2400 })];
    shuffleNearly(documents);
    for (let at = 0; at < documents.length; at += 400) {
      // Some come twice, as they do when a sender did not hear that they had arrived.
      const batch = [...documents.slice(at, at + 400), ...documents.slice(Math.max(0, at - 50), at)];
      await append(store, ...batch);
      await append(reference, ...batch);
    }
    const filters = [
      "fault",
      "partial",
      'annotation.tenant = "acme"',
      'user = "user-7" OR user = "user-8" OR user = "user-9"',
      'service("stock") { fault } AND annotation.cached = true',
      'edge("web", "catalogue") { responsetime > 0.01 }',
      'service("stock") AND NOT service("reviews")',
      'http.url CONTAINS "/web/1"',
      `annotation.order = ${JSON.parse(documents[0]!).annotations.order}`,
    ];
    const ranges = [
      { startSeconds: t0 - 60, endSeconds: t0 + 3000 },
      { startSeconds: t0 + 300.5, endSeconds: t0 + 1500.25 },
      { startSeconds: t0 + 1000, endSeconds: t0 + 1100 },
    ];
    await expectSameAnswers(
      store,
      reference,
      filters.map((text) => parseFilter(text)),
      ranges,
    );
    await expectSameAnswers(
      await reopen(),
      reference,
      filters.slice(0, 3).map((text) => parseFilter(text)),
      ranges,
    );
  }, 180_000);

  it("are one for each day on which traces came; questions and late documents cross the border", async () => {
    let nowMs = Date.UTC(2026, 10, 24, 23, 59);
    const options = { now: () => nowMs };
    const reference = new MemoryStore();
    let store = open(options);
    const id = anId();
    for (let day = 0; day < 3; day++, nowMs += 86_400_000) {
      const batch = [
        ...manyTraces(20, t0 + day * 40),
        ...(day === 0 ? [aDocument({ id })] : [aDocument({ parent_id: id })]),
      ];
      await append(store, ...batch);
      await append(reference, ...batch);
      expect(parts()).toHaveLength(day + 1);
      if (day === 1) store = await reopen(options);
    }
    expect(await allPages(store, { ...everyTrace, limit: 7 })).toEqual(
      await allPages(reference, { ...everyTrace, limit: 7 }),
    );
    await expectSameAnswers(store, reference, [parseFilter("responsetime > 2")]);
    expect(parts()[0]).toBe("traces-2026-11-24T235900.000Z.db");
  });

  it("go one by one, oldest first, when there are more bytes than asked for; the rest stays whole", async () => {
    const store = open({ maxBytes: 1_500_000, partBytes: 300_000 });
    const documents = [...workloadDocuments({ traces: 1500, startSeconds: t0, spanSeconds: 3000 })];
    for (let at = 0; at < documents.length; at += 200) await append(store, ...documents.slice(at, at + 200));
    const before = await store.usage();
    expect(before.bytes).toBeGreaterThan(1_500_000);
    await store.prune(Date.now() / 1000);
    const after = await store.usage();
    expect(after.bytes).toBeLessThanOrEqual(1_500_000);
    expect(after.traces).toBeGreaterThan(0);
    expect(after.traces).toBeLessThan(before.traces);
    expect(after.oldestSeconds).toBeGreaterThan(before.oldestSeconds!);
    const ids = await allPages(store, everyTrace);
    expect(ids).toHaveLength(after.traces);
    expect(await store.readTraces(ids)).toHaveLength(after.traces);
    expect((await allPages(await reopen(), everyTrace)).length).toBe(after.traces);
  });

  it("are not searched to the end for one page: it ends early, and the next ones find the rest once", async () => {
    const store = open({ runLength: 6, pageScan: 9 });
    await append(store, ...manyTraces(60));
    for (const rangeType of ["TraceId", "Event", "Service"] as const) {
      const query = { ...everyTrace, rangeType };
      const nothing = { ...query, filter: parseFilter("duration > 1 AND duration < 1") };
      const few = { ...query, filter: parseFilter('http.url CONTAINS "x" OR duration != 2') };
      const first = await store.findTraces(nothing);
      expect(first).toMatchObject({ digests: [], next: expect.any(String) });
      expect(first.processed).toBeLessThan(30);
      expect(await allPages(store, nothing)).toEqual([]);
      const ids = await allPages(store, few);
      expect(ids).toHaveLength(48);
      expect(new Set(ids).size).toBe(48);
    }
  });

  it("belong to one process at a time", async () => {
    const first = open();
    await first.usage();
    const second = open();
    await expect(second.usage()).rejects.toMatchObject({
      code: "FLUORO_STORE_IN_USE",
      message: expect.stringContaining(`process ${process.pid}`),
    });
    await first.close();
    expect(await second.usage()).toMatchObject({ traces: 0 });
  });

  it("are not made where they cannot be, and the message says what to do", async () => {
    writeFileSync(join(directory, "file"), "in the way");
    const store = open({ directory: join(directory, "file", "store") });
    await expect(store.usage()).rejects.toMatchObject({
      code: "FLUORO_STORE_WRITE",
      message: expect.stringMatching(/ENOTDIR.*give another --data-dir/),
    });
  });

  it.each([
    [99, "FLUORO_STORE_NEWER"],
    [1, "FLUORO_STORE_OLDER"],
  ])("are left alone when their format is not ours: %s", async (version, code) => {
    await append(open(), aDocument());
    await opened.at(-1)?.close();
    const database = (await loadDriver())(join(directory, parts()[0]!));
    database.exec(`PRAGMA user_version = ${version}`);
    database.close();
    await expect(open().usage()).rejects.toMatchObject({ code });
    expect(parts()).toHaveLength(1);
  });

  it.each([
    ["its first bytes are not SQLite's", 0, true],
    ["a page in its middle is not what it was and it was not closed", 5 * 8192, false],
  ])("are set aside one by one when damaged, and the log says so: %s", async (_, offset, wasClosed) => {
    let nowMs = Date.now();
    const options = { now: () => nowMs };
    const store = open(options);
    await append(store, ...manyTraces(300));
    nowMs += 86_400_000;
    await append(store, aDocument({ trace_id: "1-6553f100-0000000000000000000000ff", start_time: t0 }));
    await store.close();
    const [damaged] = parts();
    damage(join(directory, damaged!), offset);
    if (!wasClosed) await markUnclean(join(directory, damaged!), offset);

    const lines: object[] = [];
    const log: Log = { ...silentLog, error: (fields, message) => lines.push({ ...fields, message }) };
    const again = open({ ...options, log });
    expect(await allPages(again, everyTrace)).toEqual(["1-6553f100-0000000000000000000000ff"]);
    expect(lines).toMatchObject([
      { message: "a damaged part of the store was set aside", setAside: join(directory, `${damaged}.damaged`) },
    ]);
    expect(existsSync(join(directory, `${damaged}.damaged`))).toBe(true);
  });

  it("do not take the name of one that is being removed, though no time has passed", async () => {
    const store = open({ now: () => t0 * 1000 });
    await append(store, aDocument());
    const clearing = store.clear();
    await Promise.all([clearing, append(store, aDocument({ name: "next" }))]);
    expect(parts()).toHaveLength(1);
    expect((await store.serviceGraph(everything)).nodes.map(({ name }) => name)).toEqual(["next", "next"]);
  });

  it("are searched for damage once after an end that was not clean, though nothing is written to them", async () => {
    let nowMs = Date.now();
    const store = open({ now: () => nowMs });
    await append(store, ...manyTraces(30));
    nowMs += 86_400_000;
    await append(store, aDocument({ trace_id: "1-6553f100-0000000000000000000000ff", start_time: t0 }));
    await store.close();
    const paths = parts().map((name) => join(directory, name));
    for (const path of paths) await markUnclean(path, 1);
    const again = open();
    expect((await again.usage()).traces).toBe(31);
    await again.close();
    expect(await Promise.all(paths.map(isClean))).toEqual([true, true]);
  });

  it("are all looked at for an id, whatever time it tells", async () => {
    let nowMs = Date.now();
    const store = open({ now: () => nowMs });
    const ids = ["6553f100", "6553f101", "12345678", "fedcba98"].map((time) => `1-${time}-${"ab".repeat(12)}`);
    for (const trace_id of ids) {
      await append(store, aDocument({ trace_id }));
      nowMs += 86_400_000;
    }
    expect(parts()).toHaveLength(4);
    const asked = ["1-6553f102-000000000000000000000001", ...ids.toReversed()];
    expect((await store.readTraces(asked)).map(({ id }) => id)).toEqual(ids.toReversed());
  });

  it("go with the store when it is ephemeral", async () => {
    const before = temporaryStores();
    const store = await openStore({ dataDir: undefined });
    await append(store, aDocument());
    expect(temporaryStores()).toHaveLength(before.length + 1);
    await store.close();
    expect(temporaryStores()).toEqual(before);
  });

  it("can be read while they are written: what was acknowledged is found, and every graph is of one moment", async () => {
    const store = open();
    let acknowledged = 0;
    let isWriting = true;
    const writing = (async () => {
      for (const document of manyTraces(1500)) {
        await append(store, document);
        acknowledged += 1;
      }
      isWriting = false;
    })();
    const totals: number[] = [];
    while (isWriting) {
      const least = acknowledged;
      const [graph, series, page] = await Promise.all([
        store.serviceGraph(everything),
        store.timeSeries({ ...everything, periodSeconds: 172_800 }),
        store.findTraces({ ...everyTrace, limit: 5000 }),
      ]);
      const total = graph.nodes.find((node) => !node.isClient)?.statistics.total ?? 0;
      expect(total).toBeGreaterThanOrEqual(least);
      expect(page.digests.length).toBeGreaterThanOrEqual(least);
      expect(series.reduce((sum, point) => sum + point.statistics.total, 0)).toBeGreaterThanOrEqual(least);
      totals.push(total);
    }
    await writing;
    expect(totals).toEqual(totals.toSorted((a, b) => a - b));
    expect((await store.usage()).traces).toBe(1500);
  }, 120_000);

  it("lose nothing that was acknowledged when the process is killed", async () => {
    const kept = new Set<string>();
    for (let round = 0; round < 4; round++) {
      const child = appendingChild(directory, round * 1_000_000);
      let linesLeft = 3 + ((round * 7) % 12);
      for await (const line of createInterface({ input: child.stdout! })) {
        for (const each of line.slice("kept ".length).split(",")) kept.add(each);
        if (--linesLeft === 0) setTimeout(() => child.kill("SIGKILL"), Math.random() * 30);
      }
      await ended(child);

      const store = await reopen();
      const pages = await allPages(store, everyTrace);
      const texts = new Map((await store.readTraces(pages)).map(({ id, documents }) => [id, documents]));
      for (const each of kept) {
        const [id, number] = each.split(" ");
        const documents = (texts.get(`1-6553f100-${id}`) ?? []).map((text) => JSON.parse(text));
        expect(documents.map(({ annotations }) => String(annotations.number))).toContain(number);
      }
      // What the figures say is what the traces say: nothing was half written.
      const graph = await store.serviceGraph(everything);
      const counted = graph.nodes
        .filter((node) => !node.isClient)
        .reduce((sum, node) => sum + node.statistics.total, 0);
      expect(counted).toBe((await store.usage()).segments);
      expect(counted).toBeGreaterThanOrEqual(kept.size);
      await store.close();
    }
  }, 120_000);

  const canLimit = Boolean(process.env.CI) || (process.platform === "linux" && existsSync("/usr/bin/prlimit"));
  it.skipIf(!canLimit)(
    "stay whole when the disk is full, and go on when there is room (needs Linux and prlimit)",
    async () => {
      const limited = ["-c", 'ulimit -S -f 1500; exec "$@"', "sh"];
      const child = appendingChild(directory, 0, limited);
      const lines = createInterface({ input: child.stdout! })[Symbol.asyncIterator]();
      const nextLine = async (): Promise<string> => (await lines.next()).value ?? "";
      const kept: string[] = [];
      let line = await nextLine();
      for (; line.startsWith("kept"); line = await nextLine()) kept.push(...line.slice("kept ".length).split(","));
      expect(line).toBe("failed FLUORO_STORE_WRITE true");
      execFileSync("/usr/bin/prlimit", ["--pid", String(child.pid), "--fsize=unlimited"]);
      do line = await nextLine();
      while (!line.startsWith("kept"));
      kept.push(...line.slice("kept ".length).split(","));
      child.kill("SIGKILL");
      await ended(child);

      const ids = new Set(await allPages(open(), everyTrace));
      for (const each of kept) expect(ids).toContain(`1-6553f100-${each.split(" ")[0]}`);
    },
    120_000,
  );
});

function appendingChild(directory: string, first: number, shell?: readonly string[]): ChildProcess {
  const tsx = fileURLToPath(import.meta.resolve("tsx"));
  const script = fileURLToPath(new URL("appending-child.ts", import.meta.url));
  const command = [process.execPath, "--import", tsx, script, directory, String(first)];
  const [file, args] = shell === undefined ? [command[0]!, command.slice(1)] : ["/bin/sh", [...shell, ...command]];
  return spawn(file, args, { stdio: ["ignore", "pipe", "inherit"] });
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode === null && child.signalCode === null) await once(child, "exit");
}

/** As on a network: nearly in order, but each document up to 300 places off. */
function shuffleNearly(documents: string[]): void {
  let state = 1;
  for (let at = documents.length - 1; at > 0; at--) {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff;
    const other = Math.max(0, at - (state % 300));
    [documents[at], documents[other]] = [documents[other]!, documents[at]!];
  }
}

function damage(path: string, offset: number): void {
  const file = openSync(path, "r+");
  const length = Math.min(3 * 8192, statSync(path).size - offset);
  writeSync(file, Buffer.alloc(length, "not what was here "), 0, length, offset);
}

/** As a process leaves it that was killed. */
async function markUnclean(path: string, offset: number): Promise<void> {
  const database = (await loadDriver())(path);
  database.exec("UPDATE part SET is_clean = 0");
  database.close();
  expect(offset).toBeGreaterThan(0);
}

async function isClean(path: string): Promise<boolean> {
  const database = (await loadDriver())(path, { readOnly: true });
  const { is_clean } = database.prepare("SELECT is_clean FROM part").get() as { is_clean: number };
  database.close();
  return is_clean === 1;
}

const temporaryStores = (): string[] =>
  readdirSync(tmpdir())
    .filter((name) => name.startsWith(`fluoroscope-${process.pid}-`))
    .sort();
