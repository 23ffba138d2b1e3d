import { expect, it } from "vitest";
import type { FilterOptions } from "../filter/parser.ts";
import { silentLog } from "../log.ts";
import { documentInMemory } from "../settings/document-store.ts";
import { defaultGroup, type Group, initialSettings } from "../settings/settings.ts";
import { MemoryStore } from "../store/memory/memory-store.ts";
import { type Insight, noInsights } from "./insight.ts";
import { type InsightWatcher, watchInsights } from "./insight-watcher.ts";

const minute0 = 28_400_000;

/** Shop calls stock: so many requests a minute, of which so many fail in the shop, because stock fails or for itself. */
function requests(minute: number, total: number, faults: number, cause: Cause): { bytes: Uint8Array }[] {
  const documents: object[] = [];
  for (let n = 0; n < total; n += 1) {
    const id = (minute * 1_000 + n).toString(16).padStart(14, "0");
    const trace_id = `1-${(minute * 60).toString(16)}-${id.padStart(24, "0")}`;
    const start_time = minute * 60 + 1 + (n % 50);
    const fault = n < faults || undefined;
    const times = { start_time, end_time: start_time + 0.1 };
    const inStock = { ...times, fault: cause === "stock" ? fault : undefined };
    const call = { id: `${id}02`, name: "stock", namespace: "remote", ...inStock };
    const http = { request: { method: "GET", url: "http://shop/" }, response: { status: fault ? 500 : 200 } };
    documents.push({ trace_id, id: `${id}01`, name: "shop", http, subsegments: [call], ...times, fault });
    documents.push({ trace_id, id: `${id}03`, parent_id: `${id}02`, name: "stock", ...inStock });
  }
  return documents.map((document) => ({ bytes: Buffer.from(JSON.stringify(document)) }));
}

type Cause = "stock" | "shop";

interface Watched {
  readonly watcher: InsightWatcher;
  readonly notified: Insight[];
  /** A minute with these requests passes, and is watched. */
  pass(total: number, faults: number, cause?: Cause): Promise<void>;
  insights(): Promise<readonly Insight[]>;
  /** Another process takes over. */
  restart(): void;
}

function watched(group: object = {}, options: FilterOptions = {}, others: readonly Group[] = []): Watched {
  const store = new MemoryStore({ retentionSeconds: Number.POSITIVE_INFINITY });
  const watching = { ...defaultGroup, insightsEnabled: true, notificationsEnabled: true, ...group };
  const settings = documentInMemory({ ...initialSettings, groups: [...others, watching] });
  const insights = documentInMemory(noInsights);
  const notified: Insight[] = [];
  let minute = minute0;
  const start = (): InsightWatcher =>
    watchInsights({
      store,
      settings,
      insights,
      reading: ({ groups }) => ({
        groups: new Map(groups.map((each) => [each.name, each.filterExpression])),
        ...options,
      }),
      notify: (insight) => notified.push(insight),
      log: silentLog,
      now: () => (minute * 60 + 30) * 1000,
    });
  let watcher = start();
  return {
    get watcher() {
      return watcher;
    },
    notified,
    async pass(total, faults, cause = "stock") {
      await store.append(requests(minute, total, faults, cause));
      minute += 1;
      await watcher.watch();
    },
    insights: async () => (await insights.read()).insights,
    restart() {
      void watcher.close();
      watcher = start();
    },
  };
}

it("faults that leave the band open an insight in the second minute, and five good minutes close it", async () => {
  const { pass, insights, notified, watcher } = watched();
  for (let n = 0; n < 5; n += 1) await pass(40, 0);
  await pass(40, 20);
  expect(await insights()).toEqual([]);
  await pass(40, 20);
  const [opened] = await insights();
  expect(opened).toMatchObject({
    groupName: "Default",
    state: "ACTIVE",
    startSeconds: (minute0 + 6) * 60,
    rootCause: { name: "stock" },
    clientImpact: { fault: 20, ok: 20, total: 40 },
    rootCauseImpact: { fault: 20, ok: 20, total: 40 },
  });
  expect(opened!.anomalous.map(({ name }) => name).sort()).toEqual(["shop", "stock"]);
  expect(opened!.summary).toBe(
    "20 of 40 requests fail with a fault, more than usual. The cause is stock. Another service is affected. Clients saw 20 of 40 requests fail.",
  );
  await pass(40, 20);
  for (let n = 0; n < 4; n += 1) await pass(40, 0);
  expect((await insights())[0]).toMatchObject({ state: "ACTIVE" });
  await pass(40, 0);
  const [closed] = await insights();
  expect(closed).toMatchObject({
    id: opened!.id,
    state: "CLOSED",
    endSeconds: (minute0 + 8) * 60,
    clientImpact: { fault: 40, total: 80 },
  });
  expect(closed!.summary.split(".")[1]).toBe(" In 2 minutes 40 of 80 requests failed with a fault");
  expect(closed!.events.map(({ summary }) => summary.split(" ")[0])).toEqual(["20", "40", "Faults"]);
  expect(notified.map(({ state }) => state)).toEqual(["ACTIVE", "ACTIVE", "CLOSED"]);
  await watcher.close();
});

it("a share of faults that is usual opens nothing, and a few faults never do", async () => {
  const { pass, insights, watcher } = watched();
  for (let n = 0; n < 12; n += 1) await pass(30, 4);
  // Twenty percent would be an anomaly where none had failed.
  for (let n = 0; n < 3; n += 1) await pass(30, 6);
  for (let n = 0; n < 3; n += 1) await pass(6, 4);
  expect(await insights()).toEqual([]);
  await pass(30, 25);
  await pass(30, 25);
  expect(await insights()).toHaveLength(1);
  await watcher.close();
});

it("the cause moves downstream when a service there turns out to fail", async () => {
  const { pass, insights, watcher } = watched();
  await pass(40, 0);
  for (let n = 0; n < 2; n += 1) await pass(40, 30, "shop");
  expect((await insights()).map(({ rootCause }) => rootCause.name)).toEqual(["shop"]);
  for (let n = 0; n < 2; n += 1) await pass(40, 30, "stock");
  const [moved, ...others] = await insights();
  expect(others).toEqual([]);
  expect(moved!.rootCause.name).toBe("stock");
  expect(
    moved!.events.map(({ anomalous }) =>
      anomalous
        .map(({ name }) => name)
        .sort()
        .join(" "),
    ),
  ).toEqual([
    "shop",
    // Twice as many requests of clients have failed.
    "shop",
    "shop stock",
  ]);
  await watcher.close();
});

it("a restart goes on with what was active, and opens nothing twice", async () => {
  const { pass, insights, restart } = watched();
  await pass(40, 0);
  await pass(40, 20);
  await pass(40, 20);
  restart();
  await pass(40, 20);
  for (let n = 0; n < 5; n += 1) await pass(40, 0);
  expect((await insights()).map(({ state }) => state)).toEqual(["CLOSED"]);
});

it("only the group's traces count, and a group that does not want insights is not watched", async () => {
  const narrow = watched({ filterExpression: 'http.url CONTAINS "/none"' });
  const off = watched({ insightsEnabled: false });
  for (const { pass } of [narrow, off]) {
    await pass(40, 0);
    await pass(40, 30);
    await pass(40, 30);
  }
  expect(await narrow.insights()).toEqual([]);
  expect(await off.insights()).toEqual([]);
});

it("a group's expression is read as it is for whoever asks by group", async () => {
  const filterExpression = 'http.url = "HTTP://SHOP/"';
  const exact = watched({ filterExpression });
  const lenient = watched({ filterExpression }, { ignoreCase: true });
  for (const { pass } of [exact, lenient]) {
    await pass(40, 0);
    await pass(40, 30);
    await pass(40, 30);
  }
  expect(await exact.insights()).toEqual([]);
  expect(await lenient.insights()).toHaveLength(1);
});

it("a group whose expression cannot be read keeps no other group from being watched", async () => {
  const broken = { ...defaultGroup, name: "broken", filterExpression: "http.url =", insightsEnabled: true };
  const { pass, insights } = watched({}, {}, [broken]);
  await pass(40, 0);
  await pass(40, 30);
  await pass(40, 30);
  expect((await insights()).map(({ groupName }) => groupName)).toEqual(["Default"]);
});

it("a minute is looked at later where tail sampling holds traces back", async () => {
  const lastLookedAt = async (heldSeconds: number): Promise<number> => {
    const ends: number[] = [];
    const watcher = watchInsights({
      store: {
        async serviceGraph({ startSeconds, endSeconds }) {
          ends.push(endSeconds);
          return { startSeconds, endSeconds, nodes: [] };
        },
      },
      settings: documentInMemory({ ...initialSettings, groups: [{ ...defaultGroup, insightsEnabled: true }] }),
      insights: documentInMemory(noInsights),
      reading: () => ({}),
      heldSeconds,
      log: silentLog,
      now: () => (minute0 * 60 + 30) * 1000,
    });
    await watcher.watch();
    await watcher.close();
    return Math.max(...ends) / 60;
  };
  expect(await lastLookedAt(0)).toBe(minute0);
  expect(await lastLookedAt(10)).toBe(minute0);
  expect(await lastLookedAt(11)).toBe(minute0 - 1);
});

it("of many on one store only the one whose turn it is asks for figures", async () => {
  let isOurs = false;
  let asked = 0;
  const settings = documentInMemory({ ...initialSettings, groups: [{ ...defaultGroup, insightsEnabled: true }] });
  const store = new MemoryStore({ retentionSeconds: Number.POSITIVE_INFINITY });
  const watcher = watchInsights({
    store: {
      serviceGraph: (query) => {
        asked += 1;
        return store.serviceGraph(query);
      },
    },
    settings,
    insights: documentInMemory(noInsights),
    reading: () => ({}),
    isOurs: async () => isOurs,
    log: silentLog,
    now: () => minute0 * 60_000,
  });
  await watcher.watch();
  expect(asked).toBe(0);
  isOurs = true;
  await watcher.watch();
  expect(asked).toBeGreaterThan(0);
  await watcher.close();
});
