import { defineConfig } from "vitest/config";

const project = (name: string, include: string[], testTimeout: number) => ({
  test: { name, include, testTimeout, hookTimeout: 60_000, reporters: ["default"] },
});

export default defineConfig({
  test: {
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
