import { availableParallelism } from "node:os";
import { defineConfig } from "vitest/config";

const project = (name: string, include: string[], testTimeout: number, retry = 0) => ({
  test: { name, include, testTimeout, hookTimeout: 60_000, reporters: ["default"], retry },
});

/**
 * Where other programs and a browser take part, a busy machine may outlast a test's patience. One more attempt; `npm test`
 * names those that needed it. What counts losses gets none.
 */
const oneMore = 1;

export default defineConfig({
  test: {
    // One less than there are cores, as Vitest would have it, leaves half of a small machine idle: tests wait much.
    maxWorkers: Math.max(2, availableParallelism() - 1),
    projects: [
      project("unit", ["src/**/*.test.ts", "test/*.test.ts"], 20_000),
      project("contract", ["test/contract/**/*.test.ts"], 60_000),
      project("conformance", ["test/conformance/**/*.test.ts"], 60_000, oneMore),
      project("interop", ["test/interop/**/*.test.ts"], 120_000, oneMore),
      project("packaging", ["test/packaging/**/*.test.ts"], 120_000, oneMore),
      project("chaos", ["test/chaos/**/*.test.ts"], 300_000),
      project("hostile", ["test/hostile/**/*.test.ts"], 120_000),
      project("e2e", ["test/e2e/**/*.test.ts"], 120_000, oneMore),
    ],
  },
});
