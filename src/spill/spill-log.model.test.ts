import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { expect, it } from "vitest";
import { FaultyDisk } from "../../test/fixtures/faulty-disk.ts";
import { silentLog } from "../log.ts";
import { openSpillLog, type SpillLog, type SpillTicket } from "./spill-log.ts";

type Step =
  | { readonly kind: "append"; readonly packs: readonly (readonly number[])[]; readonly isHeld: boolean }
  | { readonly kind: "read"; readonly packs: number }
  | { readonly kind: "release"; readonly which: number }
  | { readonly kind: "full"; readonly isFull: boolean }
  | { readonly kind: "close" };

/** What happens to a copy of the files: nothing (a crash), a bit that flips in one of them, or an end that is missing. */
type Damage =
  | { readonly kind: "none" }
  | { readonly kind: "flip"; readonly file: number; readonly at: number }
  | { readonly kind: "cut"; readonly at: number };

const aPack = fc.array(fc.constantFrom(0, 3, 40, 2_000), { minLength: 1, maxLength: 5 });
const aStep: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      kind: fc.constant("append" as const),
      packs: fc.array(aPack, { minLength: 1, maxLength: 6 }),
      isHeld: fc.boolean(),
    }),
  },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant("read" as const), packs: fc.nat(6) }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant("release" as const), which: fc.nat(20) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("full" as const), isFull: fc.boolean() }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("close" as const) }) },
);
const fraction = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
const someDamage: fc.Arbitrary<Damage> = fc.oneof(
  fc.constant({ kind: "none" as const }),
  fc.record({ kind: fc.constant("flip" as const), file: fraction, at: fraction }),
  fc.record({ kind: fc.constant("cut" as const), at: fraction }),
);

/** Documents are numbered; one of no bytes has no number, and is told by its place alone. */
const aDocument = (id: number, bytes: number): Buffer => Buffer.from(bytes === 0 ? "" : `${id}`.padEnd(bytes, " "));
const nameOf = (document: Uint8Array): string => Buffer.from(document).toString().trim();

interface ModelPack {
  readonly names: readonly string[];
  isReleased: boolean;
}

async function play(steps: readonly Step[], damage: Damage): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "fluoroscope-spill-model-"));
  const disk = new FaultyDisk();
  const open = (at: string): Promise<SpillLog> =>
    openSpillLog({ folder: at, maxBytes: 2 ** 30, log: silentLog, disk, fileBytes: 6_000 });
  let spill = await open(folder);
  /** All that was acknowledged, in order. */
  const packs: ModelPack[] = [];
  /** What is in somebody's memory. */
  let held: { ticket: SpillTicket; pack: ModelPack }[] = [];
  let read = 0;
  let id = 0;

  for (const step of steps) {
    switch (step.kind) {
      case "append": {
        const results = await Promise.allSettled(
          step.packs.map(async (sizes) => {
            const documents = sizes.map((bytes) => aDocument(id++, bytes));
            const ticket = step.isHeld ? await spill.appendHeld(documents) : await spill.append(documents);
            const pack = { names: documents.map(nameOf), isReleased: false };
            packs.push(pack);
            if (ticket !== undefined) held.push({ ticket, pack });
          }),
        );
        expect(results.every(({ status }) => status === (disk.state === "full" ? "rejected" : "fulfilled"))).toBe(true);
        break;
      }
      case "read":
        for (let count = 0; count < step.packs; count += 1) {
          const found = await spill.read();
          while (held.some(({ pack }) => pack === packs[read]) || packs[read]?.isReleased) read += 1;
          const expected = packs[read];
          expect(found?.documents.map(nameOf)).toEqual(expected?.names);
          if (found === undefined || expected === undefined) break;
          held.push({ ticket: found.ticket, pack: expected });
          read += 1;
        }
        break;
      case "release": {
        const [done] = held.splice(step.which % Math.max(held.length, 1), 1);
        if (done === undefined) break;
        done.pack.isReleased = true;
        spill.release(done.ticket);
        break;
      }
      case "full":
        disk.state = step.isFull ? "full" : "well";
        break;
      case "close":
        disk.state = "well";
        await spill.close();
        spill = await open(folder);
        held = [];
        // The cursor was written: everything before the first pack that is not released is gone.
        packs.splice(0, packs.findIndex(({ isReleased }) => !isReleased) >>> 0);
        for (const pack of packs) pack.isReleased = false;
        read = 0;
    }
    const unread = packs.slice(read).filter((pack) => !pack.isReleased && !held.some((one) => one.pack === pack));
    expect(spill.figures().unread).toBe(unread.reduce((sum, { names }) => sum + names.length, 0));
  }

  disk.state = "well";
  const copy = `${folder}-copy`;
  cpSync(folder, copy, { recursive: true, filter: (path) => !path.includes("spill.lock") });
  const hit = damageFiles(copy, damage);
  const again = await open(copy);
  const found: string[][] = [];
  for (let pack = await again.read(); pack !== undefined; pack = await again.read()) {
    found.push(pack.documents.map(nameOf));
    again.release(pack.ticket);
  }
  const { damaged, unread } = again.figures();
  expect(unread).toBe(0);
  expect(again.found).toBe(found.flat().length + damaged);

  // What comes back is a run of what was acknowledged, in order, from the first pack that is not released or before it.
  const missing = missingFrom(packs, found);
  const mustCome = packs.filter(({ isReleased }) => !isReleased);
  const lost = mustCome.filter((pack) => missing.has(pack));
  if (!hit) {
    expect(lost).toEqual([]);
    expect(damaged).toBe(0);
  } else if (damage.kind === "flip") {
    expect(lost.length).toBeLessThanOrEqual(1);
    // Only an unreadable end of the newest file does not say how many there were.
    const lostDocuments = lost.reduce((sum, { names }) => sum + names.length, 0);
    expect(damaged).toBeGreaterThanOrEqual(lost[0] === packs.at(-1) ? lost.length : lostDocuments);
  } else if (lost.length > 0) {
    // What a cut took whole nobody can know; what it went through is counted.
    expect(lost).toEqual(mustCome.slice(-lost.length));
  }
  await spill.close();
  await again.close();
  for (const each of [folder, copy]) rmSync(each, { recursive: true, force: true });
}

/** Which packs are not among those found; throws when what was found is not in the order of the packs. */
function missingFrom(packs: readonly ModelPack[], found: readonly (readonly string[])[]): Set<ModelPack> {
  const missing = new Set(packs);
  let at = 0;
  for (const names of found) {
    const index = packs.findIndex((pack, place) => place >= at && pack.names.join("|") === names.join("|"));
    expect(index, `${names.join()} comes out of order, or from nowhere`).toBeGreaterThanOrEqual(0);
    missing.delete(packs[index]!);
    at = index + 1;
  }
  return missing;
}

/** Answers whether anything was damaged. */
function damageFiles(folder: string, damage: Damage): boolean {
  const names = readdirSync(folder).filter((name) => name.endsWith(".spill"));
  const last = names.sort().at(-1);
  if (damage.kind === "none" || last === undefined) return false;
  if (damage.kind === "cut") {
    const { length } = readFileSync(join(folder, last));
    truncateSync(join(folder, last), Math.floor(damage.at * length));
    return length > 0;
  }
  const path = join(folder, names[Math.floor(damage.file * names.length)]!);
  const content = readFileSync(path);
  if (content.length === 0) return false;
  content[Math.floor(damage.at * content.length)]! ^= 1 << Math.floor(damage.file * 8);
  writeFileSync(path, content);
  return true;
}

it("what was acknowledged and not released comes back in order after a crash, but for what was hit, which is counted", async () => {
  await fc.assert(fc.asyncProperty(fc.array(aStep, { minLength: 1, maxLength: 25 }), someDamage, play), {
    numRuns: 150,
    endOnFailure: true,
  });
}, 180_000);
