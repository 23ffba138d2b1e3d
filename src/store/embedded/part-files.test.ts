import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { listParts, partFile, removePart, setAside, sizeOf } from "./part-files.ts";

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "part-files-"));
});
afterEach(() => rmSync(directory, { recursive: true }));

it("parts are listed by their beginnings, which are in their names; other files are none", () => {
  const files = [1_764_000_000.25, 1_700_000_000].map((seconds) => partFile(directory, seconds));
  for (const { path } of files) writeFileSync(path, "");
  writeFileSync(join(directory, "store.lock"), "");
  writeFileSync(`${files[0]!.path}.damaged`, "");
  expect(files[0]!.path.endsWith("traces-2025-11-24T160000.250Z.db")).toBe(true);
  expect(listParts(directory)).toEqual([files[1], files[0]]);
});

it("a part's size and end are those of its companions too", async () => {
  const { path } = partFile(directory, 1_700_000_000);
  writeFileSync(path, "12345");
  writeFileSync(`${path}-wal`, "123");
  expect(sizeOf(path)).toBe(8);
  await removePart(path);
  expect(readdirSync(directory)).toEqual([]);
});

it("a damaged part that is set aside takes no other's name", () => {
  const part = partFile(directory, 1_700_000_000);
  for (const expected of [`${part.path}.damaged`, `${part.path}.damaged-2`]) {
    writeFileSync(part.path, "");
    writeFileSync(`${part.path}-wal`, "");
    expect(setAside(part)).toBe(expected);
  }
  expect(readdirSync(directory)).toHaveLength(4);
});
