import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { consoleFolder } from "../src/api/console-files.ts";

const assets = join(consoleFolder, "assets");
const isBuilt = existsSync(join(consoleFolder, "index.html"));
const gzipped = (file: string): number => gzipSync(readFileSync(join(assets, file))).length / 1024;
const sum = (files: readonly string[]): number => files.reduce((kilobytes, file) => kilobytes + gzipped(file), 0);

describe("the built console, gzipped", () => {
  const files = isBuilt ? readdirSync(assets) : [];
  const page = isBuilt ? readFileSync(join(consoleFolder, "index.html"), "utf8") : "";
  const fits = (name: string, limit: number, measure: () => number): void => {
    it(`has at most ${limit} KiB of ${name}`, ({ skip }) => {
      if (!isBuilt) skip("dist/console is not built");
      expect(measure()).toBeLessThanOrEqual(limit);
    });
  };
  const isScript = (file: string): boolean => file.endsWith(".js");
  fits("scripts for the first page", 150, () => sum(files.filter((file) => isScript(file) && page.includes(file))));
  fits("scripts in all", 260, () => sum(files.filter(isScript)));
  fits("styles", 20, () => sum(files.filter((file) => file.endsWith(".css"))));
});
