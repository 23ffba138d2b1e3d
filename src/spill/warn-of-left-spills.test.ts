import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { type Log, silentLog } from "../log.ts";
import { openSpillLog, type SpillLog } from "./spill-log.ts";
import { warnOfLeftSpills } from "./warn-of-left-spills.ts";

let parent: string;
beforeEach(() => {
  parent = mkdtempSync(join(tmpdir(), "fluoroscope-left-spills-"));
});
afterEach(() => rmSync(parent, { recursive: true, force: true }));

const open = (name: string): Promise<SpillLog> =>
  openSpillLog({ folder: join(parent, name), maxBytes: 2 ** 20, log: silentLog });

async function aSpill(name: string, documents: number): Promise<void> {
  const spill = await open(name);
  if (documents > 0) await spill.append(Array.from({ length: documents }, () => Buffer.from("{}")));
  await spill.close();
}

async function warnings(used: readonly string[], folder = parent): Promise<{ text: string; folders: string[] }[]> {
  const warned: { text: string; folders: string[] }[] = [];
  const log: Log = { ...silentLog, warn: (fields) => warned.push(fields as (typeof warned)[number]) };
  await warnOfLeftSpills(folder, used, log);
  return warned;
}

it("one warning names all folders in which something waits for a destination that is no more", async () => {
  await aSpill("aws", 3);
  await aSpill("http-old-2000", 1);
  await aSpill("http-new-2000", 2);
  const [warning, ...others] = await warnings([join(parent, "http-new-2000")]);
  expect(others).toEqual([]);
  expect(warning!.folders).toEqual([join(parent, "aws"), join(parent, "http-old-2000")]);
  expect(warning!.text).toContain(`0.1 MB in ${join(parent, "aws")}`);
  expect(warning!.text).toContain("Start with such a destination once more");
});

it("nothing is said of what is sent to, is empty, is no spill, or is not there", async () => {
  await aSpill("aws", 3);
  await aSpill("emptied", 0);
  mkdirSync(join(parent, "photos"));
  writeFileSync(join(parent, "photos", "cat.spill"), "meow");
  writeFileSync(join(parent, "notes"), "");
  expect(await warnings([join(parent, "aws")])).toEqual([]);
  expect(await warnings([], join(parent, "missing"))).toEqual([]);
});

it("nothing is said of what another process is about to send", async () => {
  await aSpill("aws", 3);
  const held = await open("aws");
  expect(await warnings([])).toEqual([]);
  await held.close();
  expect(await warnings([])).toHaveLength(1);
});
