import { availableParallelism } from "node:os";
import { defineConfig } from "vitest/config";

const project = (name: string, include: string[], testTimeout: number) => ({
  test: { name, include, testTimeout, hookTimeout: 60_000, reporters: ["default"] },
});

export default defineConfig({
  test: {
    // One less than there are cores, as Vitest would have it, leaves half of a small machine idle: tests wait much.
    maxWorkers: Math.max(2, availableParallelism() - 1),
    projects: [
      project("unit", ["src/**/*.test.ts", "test/*.test.ts"], 20_000),
      project("contract", ["test/contract/**/*.test.ts"], 60_000),
      project("conformance", ["test/conformance/**/*.test.ts"], 60_000),
      project("interop", ["test/interop/**/*.test.ts"], 120_000),
      project("packaging", ["test/packaging/**/*.test.ts"], 120_000),
      project("chaos", ["test/chaos/**/*.test.ts"], 300_000),
      project("e2e", ["test/e2e/**/*.test.ts"], 120_000),
    ],
  },
});
