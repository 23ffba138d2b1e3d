import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { aDocument } from "../fixtures/builders.ts";
import { type AServer, aServer } from "./a-server.ts";

let folder: string;

const secret = "a secret of some length";
const ids = [1, 2, 3].map((n) => `1-6553f100-${n.toString(16).padStart(24, "0")}`);
const documents = ids.map((id) => aDocument({ trace_id: id }));

let server: AServer;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "fluoroscope-removal-"));
  const keysFile = join(folder, "keys.json");
  writeFileSync(keysFile, JSON.stringify({ keys: ["read", "write", "all"].map((id) => ({ id, secret, access: id })) }));
  server = await aServer({ keysFile, ephemeral: "false", dataDir: join(folder, "data") });
  await post("/TraceSegments", { TraceSegmentDocuments: documents });
});
afterEach(async () => {
  await server.close();
  rmSync(folder, { recursive: true });
});

async function post(path: string, body: object, key = "all", more: Record<string, string> = {}): Promise<Answer> {
  const authorization = `Basic ${Buffer.from(`${key}:${secret}`).toString("base64")}`;
  return server.post(path, body, { authorization, ...more });
}
type Answer = Awaited<ReturnType<AServer["post"]>>;

/** Which of the three are still there. */
async function kept(): Promise<unknown[]> {
  const { body } = await post("/Traces", { TraceIds: ids });
  return (body.Traces as { Id: string }[]).map(({ Id }) => Id);
}

it("removes the traces that are named, in any spelling, and says how many there were", async () => {
  const { status, body } = await post("/api/traces/remove", {
    TraceIds: [ids[0]!.toUpperCase(), ids[2], "1-6553f100-00000000000000000000dead", "nonsense"],
  });
  expect([status, body]).toEqual([200, { Removed: 2 }]);
  expect(await kept()).toEqual([ids[1]]);
});

it("removes everything when asked to", async () => {
  expect((await post("/api/store/clear", {})).body).toEqual({ Removed: 3 });
  expect(await kept()).toEqual([]);
});

it("refuses keys that may not change anything, pages of other sites, and requests that name no trace", async () => {
  for (const path of ["/api/traces/remove", "/api/store/clear"]) {
    const body = { TraceIds: [ids[0]] };
    for (const key of ["read", "write"]) expect((await post(path, body, key)).status).toBe(403);
    expect((await post(path, body, "all", { origin: "https://elsewhere.example" })).status).toBe(403);
    expect((await server.post(path, body)).status).toBe(403);
    expect((await fetch(server.addresses.http + path)).status).toBe(401);
  }
  for (const TraceIds of [undefined, [], [7], Array.from({ length: 101 }, () => ids[0])]) {
    expect((await post("/api/traces/remove", { TraceIds })).status).toBe(400);
  }
  expect(await kept()).toEqual(ids);
});

it("goes on record, with who removed what", async () => {
  await post("/api/traces/remove", { TraceIds: [ids[1]] });
  await post("/api/store/clear", {});
  const lines = readFileSync(join(folder, "data", "audit.ndjson"), "utf8")
    .trim()
    .split("\n");
  expect(lines.map((line) => JSON.parse(line))).toMatchObject([
    { operation: "RemoveTraces", key: "all", outcome: "ok", request: { TraceIds: [ids[1]] } },
    { operation: "ClearStore", key: "all", outcome: "ok" },
  ]);
});

it("keeps limits of services, one entry each, until they are taken away", async () => {
  const set = (body: object, key?: string) => post("/api/alerts", body, key);
  const alerts = async (): Promise<unknown> => {
    const authorization = `Basic ${Buffer.from(`read:${secret}`).toString("base64")}`;
    const answer = await fetch(`${server.addresses.http}/api/alerts`, { headers: { authorization } });
    return ((await answer.json()) as { alerts: unknown }).alerts;
  };
  expect(await alerts()).toEqual([]);
  await set({ Service: "orders", FaultPercent: 2 });
  await set({ Service: "web", P95Seconds: 0.5 });
  expect((await set({ Service: "orders", FaultPercent: 5, P95Seconds: 1 })).status).toBe(200);
  expect((await set({ Service: "orders", FaultPercent: 101 })).status).toBe(400);
  expect((await set({ Service: "orders" }, "read")).status).toBe(403);
  expect(await alerts()).toEqual([
    { service: "web", p95Seconds: 0.5 },
    { service: "orders", faultPercent: 5, p95Seconds: 1 },
  ]);
  await set({ Service: "web" });
  expect(await alerts()).toEqual([{ service: "orders", faultPercent: 5, p95Seconds: 1 }]);
});
