import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { workloadDocuments } from "../../bench/workload.ts";
import { backUpStore } from "../../src/store/back-up-store.ts";
import { openStore } from "../../src/store/open-store.ts";

const folder = mkdtempSync(join(tmpdir(), "fluoroscope-backup-"));
afterAll(() => rmSync(folder, { recursive: true }));
const startSeconds = 1_760_000_400;
const range = { startSeconds, endSeconds: startSeconds + 600 };
const documents = [...workloadDocuments({ traces: 400, startSeconds, spanSeconds: 600 })].map((text) => ({
  bytes: Buffer.from(text),
}));

it("a store is copied while it is written, with all that was acknowledged before, and its copy is a store", async () => {
  const dataDir = join(folder, "live");
  const to = join(folder, "copy");
  const store = await openStore({ dataDir });
  const middle = Math.floor(documents.length / 2);
  await store.append(documents.slice(0, middle));
  const before = await store.serviceGraph(range);
  writeFileSync(join(dataDir, "settings.json"), '{"version":1}');

  let isCopying = true;
  const writing = (async () => {
    for (let at = middle; at < documents.length; at += 50) {
      await store.append(documents.slice(at, at + 50));
      if (!isCopying) break;
    }
  })();
  const { parts } = await backUpStore({ dataDir, to });
  isCopying = false;
  await writing;
  expect(parts).toBe(1);

  const copy = await openStore({ dataDir: to });
  const { segments } = await copy.usage();
  expect(segments).toBeGreaterThanOrEqual(middle);
  expect(segments).toBeLessThanOrEqual((await store.usage()).segments);
  const ids = (await copy.findTraces({ ...range, rangeType: "TraceId", limit: 5 })).digests.map(({ id }) => id);
  const found = await copy.readTraces(ids);
  expect(found).toHaveLength(5);
  // It goes on as a store of its own: what is put into both is in both.
  await Promise.all([store.append(documents), copy.append(documents)]);
  expect(await copy.serviceGraph(range)).toEqual(await store.serviceGraph(range));
  expect(await copy.serviceGraph(range)).not.toEqual(before);
  await Promise.all([store.close(), copy.close()]);
  expect(readdirSync(to)).toContain("settings.json");
});

it("a folder that holds something is not written over, and one without a store is told", async () => {
  const full = join(folder, "full");
  mkdirSync(full);
  writeFileSync(join(full, "precious"), "");
  await expect(backUpStore({ dataDir: join(folder, "live"), to: full })).rejects.toThrow(/is not empty/);
  await expect(backUpStore({ dataDir: full, to: join(folder, "new") })).rejects.toThrow(/no traces to copy/);
  expect(readdirSync(full)).toEqual(["precious"]);
});
