import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { expect, it } from "vitest";
import { silentLog } from "../log.ts";
import { openSpillLog } from "../spill/spill-log.ts";
import { Outbox } from "./outbox.ts";

/** A way out that is slow, and notes how much is under way at a time. */
function aSlowWayOut() {
  let now = 0;
  const seen: number[] = [];
  return {
    most: () => Math.max(...seen.splice(0)),
    name: "slow",
    async send(documents: readonly Uint8Array[]) {
      now += 1;
      seen.push(now);
      await new Promise((resolve) => setTimeout(resolve, 5));
      now -= 1;
      return documents.map(() => undefined);
    },
    close: async () => {},
  };
}

it("other limits are kept from then on", async () => {
  const wayOut = aSlowWayOut();
  const outbox = new Outbox({ wayOut, memoryBytes: 2 ** 20, parallel: 1, log: silentLog });
  const put = async (): Promise<number> => {
    outbox.put(Array.from({ length: 1_000 }, () => new Uint8Array(100)));
    await expect.poll(() => outbox.figures().waiting, { timeout: 20_000, interval: 5 }).toBe(0);
    return wayOut.most();
  };
  expect(await put()).toBe(1);
  outbox.adjust({ memoryBytes: 2 ** 20, parallel: 4 });
  expect(await put()).toBe(4);
  outbox.adjust({ memoryBytes: 2 ** 20, parallel: 2 });
  expect(await put()).toBe(2);

  outbox.adjust({ memoryBytes: 10 * 2 ** 20, parallel: 2 });
  outbox.put(Array.from({ length: 80 }, () => new Uint8Array(100_000)));
  expect(outbox.figures().dropped).toEqual({});
  outbox.adjust({ memoryBytes: 2 ** 20, parallel: 2 });
  expect(outbox.figures().dropped.MemoryFull).toBeGreaterThan(0);
  await outbox.close(20_000);
});

it("what comes while the disk writes its first has room in memory", async () => {
  const folder = mkdtempSync(join(tmpdir(), "outbox-limits-"));
  const spill = await openSpillLog({ folder, maxBytes: 2 ** 30, log: silentLog });
  const wayOut = { name: "never", send: () => new Promise<never>(() => {}), close: async () => {} };
  const outbox = new Outbox({ wayOut, spill, memoryBytes: 16 * 2 ** 20, log: silentLog });
  for (let packs = 0; packs < 400; packs += 1) {
    outbox.put(Array.from({ length: 50 }, () => new Uint8Array(1_000)));
    await sleep(4);
  }
  const { waiting, spilled, dropped } = outbox.figures();
  expect(dropped).toEqual({});
  expect(waiting + spilled).toBe(20_000);
  await outbox.close(0);
  await spill.close();
  rmSync(folder, { recursive: true });
});
