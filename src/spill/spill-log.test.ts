import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { platform, tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, expect, it } from "vitest";
import { FaultyDisk } from "../../test/fixtures/faulty-disk.ts";
import { type Log, silentLog } from "../log.ts";
import { openSpillLog, type SpillLog, type SpillLogOptions } from "./spill-log.ts";

let base: string;
let folder: string;
let opened: SpillLog[] = [];
beforeEach(() => {
  base = mkdtempSync(join(tmpdir(), "fluoroscope-spill-"));
  folder = base;
});
afterEach(async () => {
  for (const spill of opened) await spill.close();
  opened = [];
  rmSync(base, { recursive: true, force: true });
});

const open = async (options: Partial<SpillLogOptions> = {}): Promise<SpillLog> => {
  const spill = await openSpillLog({ folder, maxBytes: 2 ** 30, log: silentLog, ...options });
  opened.push(spill);
  return spill;
};

const texts = (documents: readonly Uint8Array[]): string[] =>
  documents.map((document) => Buffer.from(document).toString());
const pack = (...names: string[]): Buffer[] => names.map((name) => Buffer.from(name));
const spillFiles = (): string[] => readdirSync(folder).filter((name) => name.endsWith(".spill"));

async function readAll(spill: SpillLog): Promise<string[]> {
  const all: string[] = [];
  for (let found = await spill.read(); found !== undefined; found = await spill.read()) {
    all.push(...texts(found.documents));
    spill.release(found.ticket);
  }
  return all;
}

function rememberingLog(): { log: Log; warnings: object[] } {
  const warnings: object[] = [];
  return { warnings, log: { ...silentLog, warn: (fields, message) => warnings.push({ ...fields, message }) } };
}

it("what was appended comes back in order, in this run and in the next", async () => {
  const first = await open();
  await Promise.all([first.append(pack("a", "b")), first.append(pack("c")), first.append(pack("", "d"))]);
  expect(texts((await first.read())!.documents)).toEqual(["a", "b"]);
  await first.close();

  const second = await open();
  expect(second.found).toBe(5);
  expect(await readAll(second)).toEqual(["a", "b", "c", "", "d"]);
  expect(second.figures()).toMatchObject({ unread: 0, evicted: 0, damaged: 0 });
});

it("what was released is not handed out again, and its files are removed", async () => {
  const first = await open();
  await first.append(pack("a"));
  await first.append(pack("b"));
  first.release((await first.read())!.ticket);
  await first.close();

  const second = await open();
  expect(await readAll(second)).toEqual(["b"]);
  await second.close();
  expect(readdirSync(folder)).toEqual(["cursor"]);
  expect((await open()).found).toBe(0);
});

it("a file is removed a moment after all of it is delivered", async () => {
  const spill = await open();
  await spill.append(pack("a"));
  expect(spillFiles()).toHaveLength(1);
  await readAll(spill);
  while (spillFiles().length > 0) await sleep(20);
  expect(spill.figures().bytes).toBe(0);
});

it("a pack that its owner holds is passed over, and comes back only to a later run", async () => {
  const first = await open();
  const delivered = await first.appendHeld(pack("held and delivered"));
  await first.append(pack("a"));
  await first.appendHeld(pack("held"));
  await first.append(pack("b"));
  expect(await readAll(first)).toEqual(["a", "b"]);
  first.release(delivered);
  await first.close();
  // Everything from the first document that is not released: at least once.
  expect(await readAll(await open())).toEqual(["held", "b"]);
});

it("appends that wait at the same time share one sync", async () => {
  const disk = new FaultyDisk();
  const spill = await open({ disk });
  await Promise.all(Array.from({ length: 100 }, (_, index) => spill.append(pack(String(index)))));
  expect(disk.syncs).toBe(1);
});

it("files are bounded, and the oldest goes when all together would be too large", async () => {
  const { log, warnings } = rememberingLog();
  const spill = await open({ maxBytes: 1_000_000, log });
  const document = Buffer.alloc(9_000, "x");
  for (let count = 0; count < 200; count += 1) await spill.append([Buffer.from(`${count}`), document]);
  const { bytes, evicted, unread } = spill.figures();
  expect(bytes).toBeLessThanOrEqual(1_000_000);
  expect(evicted + unread).toBe(400);
  expect(spillFiles().length).toBeGreaterThan(4);
  expect(warnings).toContainEqual(expect.objectContaining({ message: expect.stringMatching(/is full/) }));
  expect((await readAll(spill))[0]).toBe(String(evicted / 2));
});

it("what is read while its file is evicted counts once", async () => {
  const spill = await open({ maxBytes: 200_000 });
  const document = Buffer.alloc(9_000, "x");
  let read = 0;
  for (let count = 0; count < 100; count += 1) {
    const [found] = await Promise.all([spill.read(), spill.append([document])]);
    read += found?.documents.length ?? 0;
    if (count % 3 > 0) await spill.append([document]);
  }
  read += (await readAll(spill)).length;
  const { evicted, damaged } = spill.figures();
  expect(evicted).toBeGreaterThan(0);
  expect(read + evicted + damaged).toBe(100 + 66);
  expect(damaged).toBe(0);
});

it("a torn end is cut off and counted, and what is appended later is sound", async () => {
  const first = await open();
  await first.append(pack("a"));
  await first.append(pack("b", "c"));
  await first.close();
  const [name] = spillFiles();
  const whole = readFileSync(join(folder, name!));
  writeFileSync(join(folder, name!), whole.subarray(0, -1));

  const { log, warnings } = rememberingLog();
  const second = await open({ log });
  expect(second.found).toBe(3);
  expect(second.figures()).toMatchObject({ damaged: 2, unread: 1 });
  expect(warnings).toContainEqual(expect.objectContaining({ documents: 2, message: expect.stringMatching(/torn/) }));
  await second.close();
  const third = await open();
  expect(third.figures().damaged).toBe(0);
  await third.append(pack("d"));
  await third.close();
  expect(await readAll(await open())).toEqual(["a", "d"]);
});

it("damage in the middle costs the pack that it hit, counted and told with its place, and the file is kept", async () => {
  const first = await open();
  for (const name of ["a", "beside", "c", "d"]) await first.append(pack(name, name));
  await first.close();
  const [name] = spillFiles();
  const path = join(folder, name!);
  const content = readFileSync(path);
  content[content.indexOf("beside")]! ^= 1;
  writeFileSync(path, content);

  const { log, warnings } = rememberingLog();
  const second = await open({ log });
  expect(await readAll(second)).toEqual(["a", "a", "c", "c", "d", "d"]);
  expect(second.figures()).toMatchObject({ damaged: 2, unread: 0 });
  expect(warnings).toContainEqual(expect.objectContaining({ file: path, offset: 42, documents: 2 }));
  await second.close();
  expect(readdirSync(folder).sort()).toEqual([`${name}.damaged`, "cursor"]);
});

it("a document that looks like a record from elsewhere is no record", async () => {
  const first = await open();
  await first.append(Array.from({ length: 1_000 }, () => Buffer.from("before")));
  await first.append(pack("inner", "inner"));
  await first.close();
  const name = spillFiles()[0]!;
  const inner = readFileSync(join(folder, name)).subarray(32 + 1_000 * 10);
  rmSync(join(folder, name));

  const second = await open();
  await second.append([Buffer.concat([Buffer.alloc(50), inner])]);
  await second.append(pack("after"));
  await second.close();
  const path = join(folder, spillFiles()[0]!);
  const content = readFileSync(path);
  content[40]! ^= 1;
  writeFileSync(path, content);
  const third = await open();
  expect(await readAll(third)).toEqual(["after"]);
  expect(third.figures()).toMatchObject({ unread: 0, damaged: 1 });
});

it("a file that somebody removed counts as damaged", async () => {
  const spill = await open({ maxBytes: 1_000_000 });
  const document = Buffer.alloc(9_000, "x");
  for (let count = 0; count < 50; count += 1) await spill.append([document]);
  rmSync(join(folder, spillFiles().sort()[1]!));
  const read = (await readAll(spill)).length;
  expect(read + spill.figures().damaged).toBe(50);
  expect(read).toBeGreaterThan(30);
  expect(read).toBeLessThan(50);
});

it("a second process is kept off, and told who is there", async () => {
  await open();
  await expect(open()).rejects.toMatchObject({
    code: "FLUORO_SPILL_IN_USE",
    message: expect.stringContaining(`process ${process.pid}`),
  });
});

it("a folder whose path is longer than a socket's may be is locked as well", async () => {
  folder = join(folder, "a".repeat(120));
  await open();
  if (platform() === "linux") await expect(open()).rejects.toMatchObject({ code: "FLUORO_SPILL_IN_USE" });
});

it("nobody else may read it", async () => {
  folder = join(folder, "made");
  await (await open()).append(pack("a"));
  if (platform() === "win32") return;
  expect(statSync(folder).mode & 0o777).toBe(0o700);
  expect(statSync(join(folder, spillFiles()[0]!)).mode & 0o777).toBe(0o600);
});

it("a folder that cannot be made is an error that names it", async () => {
  writeFileSync(join(folder, "file"), "");
  folder = join(folder, "file");
  await expect(open()).rejects.toMatchObject({
    code: "FLUORO_SPILL_WRITE",
    message: expect.stringContaining(folder),
  });
});

it("after its folder was removed it rejects once and goes on in a new one", async () => {
  const spill = await open();
  await spill.append(pack("a"));
  rmSync(folder, { recursive: true });
  await expect(spill.append(pack("b"))).rejects.toMatchObject({ code: "FLUORO_SPILL_WRITE" });
  await spill.append(pack("c"));
  expect(await readAll(spill)).toEqual(["c"]);
  expect(spill.figures()).toMatchObject({ damaged: 1, unread: 0 });
  await expect(open()).rejects.toMatchObject({ code: "FLUORO_SPILL_IN_USE" });
});

for (const state of ["full", "unsynced", "readOnly"] as const) {
  it(`a disk that is ${state} makes append reject, and all is sound when it is well again`, async () => {
    const disk = new FaultyDisk();
    const spill = await open({ disk });
    await spill.append(pack("a"));
    disk.state = state;
    const both = await Promise.allSettled([spill.append(pack("b")), spill.append(pack("c"))]);
    expect(both).toMatchObject([
      { reason: { code: "FLUORO_SPILL_WRITE" } },
      { reason: { code: "FLUORO_SPILL_WRITE" } },
    ]);
    await expect(spill.append(pack("d"))).rejects.toMatchObject({ code: "FLUORO_SPILL_WRITE" });
    await expect(spill.check()).rejects.toMatchObject({ code: "FLUORO_SPILL_WRITE" });
    disk.state = "well";
    await spill.check();
    await spill.append(pack("e"));
    await spill.close();

    const again = await open();
    expect(await readAll(again)).toEqual(["a", "e"]);
    expect(again.figures().damaged).toBe(0);
    await again.close();
    expect(readdirSync(folder)).toEqual(["cursor"]);
  });
}

it("a file that cannot be opened just now is read later", async () => {
  const disk = new FaultyDisk();
  const spill = await open({ disk });
  await spill.append(pack("a"));
  disk.state = "unreadable";
  await expect(spill.read()).rejects.toThrow(/EMFILE/);
  disk.state = "well";
  expect(await readAll(spill)).toEqual(["a"]);
  expect(spill.figures().damaged).toBe(0);
});

const mount = join(tmpdir(), `fluoroscope-tiny-${process.pid}`);
const canMount = ((): boolean => {
  mkdirSync(mount, { recursive: true });
  if (spawnSync("mount", ["-t", "tmpfs", "-o", "size=1m", "tmpfs", mount]).status === 0) return true;
  rmSync(mount, { recursive: true });
  return false;
})();
it.skipIf(!canMount && !process.env.CI)(
  "on a real disk that is full it rejects, then goes on (needs the right to mount)",
  async () => {
    try {
      folder = join(mount, "spill");
      const spill = await open();
      const document = Buffer.alloc(50_000, "x");
      let kept = 0;
      const fill = async (): Promise<void> => {
        for (;;) {
          await spill.append([Buffer.from(String(kept)), document]);
          kept += 1;
        }
      };
      await expect(fill()).rejects.toMatchObject({
        code: "FLUORO_SPILL_WRITE",
        message: expect.stringMatching(/ENOSPC/),
      });
      expect(kept).toBeGreaterThan(10);
      spill.release((await spill.read())!.ticket);
      expect(await readAll(spill)).toHaveLength(2 * (kept - 1));
      await spill.append(pack("room again"));
      expect(await readAll(spill)).toEqual(["room again"]);
      await spill.close();
    } finally {
      spawnSync("umount", [mount]);
      rmSync(mount, { recursive: true, force: true });
    }
  },
);

it("everything that was acknowledged is there after kill -9, and the lock is free", async () => {
  const child = appendingChild(folder);
  const acknowledged: string[] = [];
  for await (const line of createInterface({ input: child.stdout! })) {
    // The last line may be cut off.
    if (line.endsWith(".")) acknowledged.push(line);
    if (acknowledged.length === 300) child.kill("SIGKILL");
  }
  if (child.signalCode === null) await once(child, "exit");
  expect(existsSync(join(folder, "spill.lock"))).toBe(platform() !== "win32");

  const found = await readAll(await open());
  expect(found.slice(0, acknowledged.length)).toEqual(acknowledged);
}, 60_000);

function appendingChild(into: string): ChildProcess {
  const tsx = fileURLToPath(import.meta.resolve("tsx"));
  const script = fileURLToPath(new URL("../../test/fixtures/appending-to-spill.ts", import.meta.url));
  return spawn(process.execPath, ["--import", tsx, script, into], { stdio: ["ignore", "pipe", "inherit"] });
}
