import { expect, it } from "vitest";
import { silentLog } from "../log.ts";
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
