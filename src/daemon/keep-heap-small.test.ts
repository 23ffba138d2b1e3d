import { execFileSync } from "node:child_process";
import { expect, it } from "vitest";

/** The space for young objects of a process of its own, after making and dropping many. */
function youngBytes(before: string): number {
  const program = `
    import { getHeapSpaceStatistics } from "node:v8";
    ${before}
    let kept = [];
    for (let n = 0; n < 2_000_000; n += 1) {
      kept.push({ n });
      if (kept.length > 100_000) kept = [];
    }
    console.log(getHeapSpaceStatistics().find(({ space_name }) => space_name === "new_space").space_size);`;
  const words = ["--import", "tsx", "--input-type=module", "--eval", program];
  return Number(execFileSync(process.execPath, words, { encoding: "utf8" }));
}

it("the space for young objects does not grow, as it would otherwise", () => {
  const file = JSON.stringify(new URL("keep-heap-small.ts", import.meta.url).href);
  const kept = youngBytes(`const { keepHeapSmall } = await import(${file}); keepHeapSmall();`);
  expect(kept).toBeLessThanOrEqual(4 * 2 ** 20);
  expect(youngBytes("")).toBeGreaterThan(kept);
});
