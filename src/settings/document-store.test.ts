import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { documentFile } from "./document-file.ts";
import { documentInMemory } from "./document-store.ts";
import { type Group, initialSettings, type Settings } from "./settings.ts";

function folder(): string {
  const path = mkdtempSync(join(tmpdir(), "fluoroscope-settings-"));
  onTestFinished(() => rmSync(path, { recursive: true }));
  return path;
}
const group = (name: string): Group => ({
  name,
  id: name.toUpperCase(),
  filterExpression: "",
  insightsEnabled: false,
  notificationsEnabled: false,
});
const withGroup = (name: string) => (settings: Settings) => ({
  document: { ...settings, groups: [...settings.groups, group(name)] },
  result: settings.groups.length,
});

describe.each([
  ["in memory", () => documentInMemory(initialSettings)],
  ["in a file", () => documentFile(join(folder(), "below", "settings.json"), initialSettings)],
])("settings %s", (_, open) => {
  it("begin with the default rule and nothing else", async () => {
    expect(await open().read()).toEqual(initialSettings);
  });

  it("are read as they were last changed, and changes at once are made one after another", async () => {
    const store = open();
    const before = await store.read();
    const results = await Promise.all(["a", "b", "c"].map((name) => store.change(withGroup(name))));
    expect(results).toEqual([1, 2, 3]);
    expect((await store.read()).groups.map(({ name }) => name)).toEqual(["Default", "a", "b", "c"]);
    expect(before.groups).toHaveLength(1);
  });

  it("stay as they are when a change is refused, and take the next one", async () => {
    const store = open();
    const refusal = store.change(() => {
      throw new Error("no");
    });
    await expect(refusal).rejects.toThrow("no");
    await store.change(withGroup("a"));
    expect((await store.read()).groups).toHaveLength(2);
  });
});

it("a file is there for the next process, and nothing is left beside it", async () => {
  const path = join(folder(), "settings.json");
  await documentFile(path, initialSettings).change(withGroup("a"));
  expect((await documentFile(path, initialSettings).read()).groups.slice(1)).toEqual([group("a")]);
  expect(readdirSync(join(path, ".."))).toEqual(["settings.json"]);
});

it.each([
  ["not JSON", "{"],
  ["no version", "{}"],
  ["newer fluoroscope", '{"version": 2}'],
])("a file that cannot be read (%s) is said and left as it is", async (reason, content) => {
  const path = join(folder(), "settings.json");
  writeFileSync(path, content);
  const store = documentFile(path, initialSettings);
  await expect(store.read()).rejects.toMatchObject({
    code: "FLUORO_SETTINGS_DAMAGED",
    message: expect.stringContaining(reason),
  });
  await expect(store.change(withGroup("a"))).rejects.toThrow(path);
  expect(readFileSync(path, "utf8")).toBe(content);
});

it("a file that cannot be written keeps the settings as they were", async () => {
  // A file where a folder should be stops root as well.
  const base = join(folder(), "file");
  writeFileSync(base, "");
  const store = documentFile(join(base, "settings.json"), initialSettings);
  await expect(store.change(withGroup("a"))).rejects.toMatchObject({
    code: expect.stringMatching(/FLUORO_SETTINGS_(WRITE|DAMAGED)/),
  });
});
