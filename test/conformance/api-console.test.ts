import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { type ApiServer, createApiServer } from "../../src/api/server.ts";
import type { Status } from "../../src/api/wire.ts";
import { readConfig } from "../../src/config.ts";
import { StoreError } from "../../src/errors.ts";
import { Ingest } from "../../src/ingest/ingest.ts";
import { noInsights } from "../../src/insights/insight.ts";
import { silentLog } from "../../src/log.ts";
import { SamplingTargets } from "../../src/sampling/targets.ts";
import { documentInMemory } from "../../src/settings/document-store.ts";
import { initialSettings } from "../../src/settings/settings.ts";
import { openStore } from "../../src/store/open-store.ts";
import type { TraceStore } from "../../src/store/trace-store.ts";

const folder = mkdtempSync(join(tmpdir(), "fluoroscope-console-"));
const page = "<!doctype html><title>the console</title>";

let store: TraceStore;
let server: ApiServer;
let base: string;
beforeAll(async () => {
  mkdirSync(join(folder, "assets"));
  writeFileSync(join(folder, "index.html"), page);
  writeFileSync(join(folder, "assets", "index-4f3a.js"), "export {}");
  writeFileSync(join(folder, "..", `${folder.split("/").at(-1)}-secret.txt`), "secret");
  store = await openStore({ dataDir: undefined });
  server = await serverFor(folder);
  base = `http://127.0.0.1:${await server.listen(0)}`;
});
afterAll(async () => {
  await server?.close();
  await store?.close();
  rmSync(folder, { recursive: true });
  rmSync(`${folder}-secret.txt`);
});

function serverFor(consoleFolder: string, sink: Pick<TraceStore, "append"> = store): Promise<ApiServer> {
  const { config } = readConfig({ environment: { HOME: "/nonexistent" } });
  const api = {
    store,
    ingest: new Ingest(sink),
    settings: documentInMemory(initialSettings),
    targets: new SamplingTargets(),
    insights: documentInMemory(noInsights),
    config,
    log: silentLog,
    now: Date.now,
  };
  const status = async (): Promise<Status> => {
    throw new Error("not asked here");
  };
  return createApiServer({ api, host: "127.0.0.1", status, console: consoleFolder });
}

it.each(["/", "/map", "/traces?filter=fault", "/trace/1-6553f100-000000000000000000000001", "/problems", "/setup"])(
  "%s is the console's page, which is never kept",
  async (path) => {
    const answer = await fetch(base + path);
    expect([answer.status, await answer.text()]).toEqual([200, page]);
    expect(answer.headers.get("content-type")).toMatch(/^text\/html/);
    expect(answer.headers.get("cache-control")).toBe("no-cache");
  },
);

it("what the build names by its content is kept for ever", async () => {
  const answer = await fetch(`${base}/assets/index-4f3a.js`);
  expect(await answer.text()).toBe("export {}");
  expect(answer.headers.get("content-type")).toMatch(/javascript/);
  expect(answer.headers.get("cache-control")).toBe("public, max-age=31536000, immutable");
});

it.each(["/../", "/..%2f", "/assets/..%2f..%2f", "/%2e%2e/"])("%s does not lead out of the folder", async (way) => {
  const answer = await fetch(`${base}${way}${folder.split("/").at(-1)}-secret.txt`);
  expect(await answer.text()).not.toContain("secret");
});

it("where the console is not built, a page says so and the API works", async () => {
  const bare = await serverFor(join(folder, "absent"));
  try {
    const url = `http://127.0.0.1:${await bare.listen(0)}`;
    const answer = await fetch(url);
    expect(answer.status).toBe(503);
    expect(await answer.text()).toContain("npm run build");
    expect((await fetch(`${url}/Groups`, { method: "POST" })).status).toBe(200);
  } finally {
    await bare.close();
  }
});

it("while the store cannot be written, health says so and documents are asked for again", async () => {
  const failing = await serverFor(folder, {
    append: () => Promise.reject(new StoreError("FLUORO_STORE_WRITE", "The disk is full.", { retryable: true })),
  });
  try {
    const url = `http://127.0.0.1:${await failing.listen(0)}`;
    const answer = await fetch(`${url}/TraceSegments`, { method: "POST", body: '{"TraceSegmentDocuments":["{}"]}' });
    expect([answer.status, answer.headers.get("x-amzn-errortype")]).toEqual([503, "ServiceUnavailableException"]);
    expect((await answer.json()).Message).toContain("The disk is full.");
    expect((await fetch(`${url}/healthz`)).status).toBe(503);
  } finally {
    await failing.close();
  }
});
