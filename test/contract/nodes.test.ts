import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { silentLog } from "../../src/log.ts";
import { freeLease, holdLease } from "../../src/nodes/lease.ts";
import { sharedAudit } from "../../src/nodes/shared-audit.ts";
import { sharedDocument } from "../../src/nodes/shared-document.ts";
import { followKeys, type KeyList } from "../../src/nodes/shared-keys.ts";
import { SharedTargets } from "../../src/nodes/shared-targets.ts";
import { tableName, tableStatements } from "../../src/nodes/tables.ts";
import { defaultRule } from "../../src/sampling/rule.ts";
import type { DocumentStore } from "../../src/settings/document-store.ts";
import { type Group, initialSettings, type Settings } from "../../src/settings/settings.ts";
import { parseClickHouseAddress } from "../../src/store/clickhouse/address.ts";
import { type ClickHouse, connectClickHouse } from "../../src/store/clickhouse/connect.ts";
import { type ClickHouseServer, startClickHouse } from "../clickhouse/clickhouse-server.ts";

/** What nodes share beside the traces, on a ClickHouse of our own; each test has a database to itself. */
let server: ClickHouseServer | { readonly reason: string };
let databases = 0;
const open: ClickHouse[] = [];

beforeAll(async () => {
  server = await startClickHouse();
}, 240_000);
afterAll(async () => {
  if (!("reason" in server)) await server.stop();
});
beforeEach(async ({ skip }) => {
  if ("reason" in server) return skip(server.reason);
  databases += 1;
  const clickhouse = aNode();
  for (const statement of tableStatements(clickhouse.address)) await clickhouse.run(statement);
});
afterEach(async () => {
  await Promise.all(open.splice(0).map((node) => node.close()));
});

/** A connection of its own, as each process has one. */
function aNode(): ClickHouse {
  const address = parseClickHouseAddress((server as ClickHouseServer).address(`test_${databases}`));
  const node = connectClickHouse(address, { timeoutMs: 20_000 });
  open.push(node);
  return node;
}

const settingsOf = (node: ClickHouse, now?: () => number): DocumentStore<Settings> =>
  sharedDocument(node, "settings", initialSettings, { log: silentLog, ...(now && { now }) });
const group = (name: string): Group => ({
  name,
  id: name.toUpperCase(),
  filterExpression: "",
  insightsEnabled: false,
  notificationsEnabled: false,
});
const withGroup = (name: string) => (settings: Settings) => ({
  document: { ...settings, groups: [...settings.groups, group(name)] },
  result: settings.groups.length,
});
const names = ({ groups }: Settings): string[] => groups.map(({ name }) => name);

describe("settings in ClickHouse", () => {
  it("begin as everywhere, and are read by the node that changed them at once", async () => {
    const settings = settingsOf(aNode());
    expect(await settings.read()).toEqual(initialSettings);
    expect(await settings.change(withGroup("a"))).toBe(1);
    expect(names(await settings.read())).toEqual(["Default", "a"]);
  });

  it("are seen by others a second later, and at once by those that have not read them yet", async () => {
    let nowMs = 0;
    const other = settingsOf(aNode(), () => nowMs);
    await other.read();
    await settingsOf(aNode()).change(withGroup("a"));
    expect(names(await settingsOf(aNode()).read())).toContain("a");
    nowMs = 1_000;
    expect(names(await other.read())).toContain("a");
  });

  it("lose no change when many nodes change them at the same time", async () => {
    const nodes = Array.from({ length: 4 }, () => settingsOf(aNode()));
    const wanted = nodes.flatMap((node, index) => [0, 1, 2].map((nth) => ({ node, name: `n${index}-${nth}` })));
    const results = await Promise.all(wanted.map(({ node, name }) => node.change(withGroup(name))));
    expect(results.toSorted((a, b) => a - b)).toEqual(wanted.map((_, index) => index + 1));
    expect(names(await settingsOf(aNode()).read()).toSorted()).toEqual(
      ["Default", ...wanted.map(({ name }) => name)].toSorted(),
    );
  });

  it("stay as they are when a change is refused, and write no version when nothing changes", async () => {
    const node = aNode();
    const settings = settingsOf(node);
    const refusal = settings.change(() => {
      throw new Error("no");
    });
    await expect(refusal).rejects.toThrow("no");
    expect(await settings.change((document) => ({ document, result: 7 }))).toBe(7);
    expect(await node.rows(`SELECT 1 FROM ${tableName(node, "shared_document")}`)).toEqual([]);
  });

  it("are found by whoever wrote them although ClickHouse has merged and the token is used up", async () => {
    const node = aNode();
    const settings = settingsOf(node);
    for (let nth = 0; nth < 70; nth += 1) await settings.change(withGroup(`g${nth}`));
    await node.run(`OPTIMIZE TABLE ${tableName(node, "shared_document")} FINAL`);
    const rows = await node.rows<{ count: string }>(
      `SELECT count() AS count FROM ${tableName(node, "shared_document")}`,
    );
    expect(Number(rows[0]?.count)).toBe(64);
    expect(names(await settingsOf(aNode()).read())).toHaveLength(71);
  });

  it("of a newer fluoroscope are left alone", async () => {
    const node = aNode();
    const table = tableName(node, "shared_document");
    await node.run(
      `INSERT INTO ${table} (name, version, writer, format, document) VALUES ('settings', 1, 'x', 2, '{}')`,
    );
    await expect(settingsOf(node).read()).rejects.toMatchObject({ code: "FLUORO_SETTINGS_DAMAGED" });
  });

  it("are read as they were last known while ClickHouse is away, cannot be changed then, and can again later", async () => {
    const running = server as ClickHouseServer;
    let nowMs = 0;
    const settings = settingsOf(aNode(), () => nowMs);
    await settings.change(withGroup("a"));
    await running.kill();
    try {
      nowMs += 2_000;
      expect(names(await settings.read())).toEqual(["Default", "a"]);
      await expect(settings.change(withGroup("b"))).rejects.toMatchObject({ code: "FLUORO_SETTINGS_WRITE" });
    } finally {
      await running.start();
    }
    await settings.change(withGroup("c"));
    expect(names(await settingsOf(aNode()).read())).toEqual(["Default", "a", "c"]);
  });
});

describe("reservoirs", () => {
  const rules = [{ ...defaultRule, reservoirSize: 10 }];
  const report = (clientId: string, requestCount: number) => ({
    ...{ ruleName: "Default", clientId, requestCount },
    ...{ timestampSeconds: 0, sampledCount: 1, borrowCount: 1 },
  });
  const quota = async (node: SharedTargets, clientId: string, requestCount: number) =>
    (await node.answer([report(clientId, requestCount)], rules, 1_000)).targets[0]?.reservoirQuota;

  it("are shared by the requests of the clients of all nodes", async () => {
    const [a, b] = [new SharedTargets(aNode(), silentLog), new SharedTargets(aNode(), silentLog)];
    expect(await quota(a, "one", 100)).toBe(10);
    expect(await quota(b, "two", 300)).toBe(7);
    const sum = async (): Promise<number> => {
      const shares = await Promise.all([quota(a, "one", 0), quota(b, "two", 0)]);
      return shares.reduce<number>((all, share) => all + share!, 0);
    };
    // Where ten seconds end between the two, they weigh differently for a moment.
    await expect.poll(sum, { timeout: 20_000 }).toBe(10);
  });

  it("count what all nodes heard, by rule and ten seconds", async () => {
    const [a, b] = [new SharedTargets(aNode(), silentLog), new SharedTargets(aNode(), silentLog)];
    await Promise.all([quota(a, "one", 100), quota(b, "two", 300)]);
    const sums = await a.statistics();
    expect(sums.reduce((sum, { requestCount }) => sum + requestCount, 0)).toBe(400);
    expect(sums.reduce((sum, { borrowCount }) => sum + borrowCount, 0)).toBe(2);
  });

  it("say what is wrong with a report, and take the others of the call", async () => {
    const { targets, unprocessed } = await new SharedTargets(aNode(), silentLog).answer(
      [report("one", 5), { ...report("one", 5), ruleName: "gone" }],
      rules,
      0,
    );
    expect(targets).toHaveLength(1);
    expect(unprocessed).toMatchObject([{ ruleName: "gone", errorCode: "400" }]);
  });

  it("are shared as was last known while ClickHouse is away", async () => {
    const running = server as ClickHouseServer;
    const [a, b] = [new SharedTargets(aNode(), silentLog), new SharedTargets(aNode(), silentLog)];
    await quota(b, "two", 300);
    const before = await quota(a, "one", 100);
    expect(before).toBeLessThan(10);
    await running.kill();
    try {
      expect(await quota(a, "one", 100)).toBe(before);
    } finally {
      await running.start();
    }
  });
});

it("one of many holds a lease, and another has it when the first does not come any more", async () => {
  let seconds = 1_000;
  const holder = () => holdLease(sharedDocument(aNode(), "lease", freeLease, { log: silentLog }), () => seconds * 1000);
  const [a, b] = [holder(), holder()];
  const both = await Promise.all([a(), b()]);
  expect(both.toSorted()).toEqual([false, true]);
  const [first, second] = both[0] ? [a, b] : [b, a];
  seconds += 40;
  expect([await first(), await second()]).toEqual([true, false]);
  seconds += 61;
  expect([await second(), await first()]).toEqual([true, false]);
});

it("an administrative call is a row with the node that answered it", async () => {
  const node = aNode();
  const { keep } = sharedAudit(node);
  const entry = { time: "2026-11-24T12:00:00.250Z", operation: "CreateGroup", address: "::1", outcome: "ok" };
  await keep({ ...entry, request: { GroupName: "it's" } });
  const [row] = await node.rows<Record<string, string>>(`SELECT * FROM ${tableName(node, "shared_audit")}`);
  expect(row).toMatchObject({ operation: "CreateGroup", key: "", outcome: "ok", request: '{"GroupName":"it\'s"}' });
  expect(row?.at).toContain("12:00:00.250");
});

it("a key that is let in on all nodes is let in within seconds, and a node's own goes before it", async () => {
  const list = sharedDocument<KeyList<{ id: string; secret: string }>>(
    aNode(),
    "keys",
    { keys: [] },
    { log: silentLog },
  );
  const reading = sharedDocument<KeyList<{ id: string; secret: string }>>(
    aNode(),
    "keys",
    { keys: [] },
    { log: silentLog },
  );
  const own = new Map([["mine", { id: "mine", secret: "own" }]]);
  const { keys, close } = await followKeys(reading, own);
  try {
    await list.change(() => ({
      document: { keys: ["mine", "ours"].map((id) => ({ id, secret: "shared" })) },
      result: undefined,
    }));
    await expect.poll(() => keys.get("ours")?.secret, { timeout: 20_000 }).toBe("shared");
    expect(keys.get("mine")?.secret).toBe("own");
    await list.change(() => ({ document: { keys: [] }, result: undefined }));
    await expect.poll(() => [...keys.keys()], { timeout: 20_000 }).toEqual(["mine"]);
  } finally {
    close();
  }
});

it("on a cluster every table is replicated to all nodes, in statements that ClickHouse can read", async () => {
  const node = aNode();
  const [database, ...tables] = tableStatements({ database: "traces", cluster: "main" });
  expect(database).toBe("CREATE DATABASE IF NOT EXISTS traces ON CLUSTER main");
  expect(tables).toHaveLength(3);
  for (const statement of tables) {
    expect(statement).toMatch(
      /^CREATE TABLE IF NOT EXISTS traces\.(shared_\w+) ON CLUSTER main .* ENGINE = Replicated(Replacing)?MergeTree\('\/clickhouse\/tables\/fluoroscope\/traces\/\1', '\{shard\}-\{replica\}'/,
    );
    await node.run(`EXPLAIN AST ${statement}`);
  }
});
