import { expect } from "vitest";
import { chance } from "../fixtures/chance.ts";
import type { Door } from "./door.ts";
import { mutate } from "./mutate.ts";
import { mutateValue } from "./mutate-value.ts";
import { NewCoverage } from "./new-coverage.ts";
import { expectNoPollution } from "./no-pollution.ts";

type Chance = (limit: number) => number;

/** What a run did, for people. */
export interface FuzzReport {
  readonly knocks: number;
  readonly corpus: number;
  readonly answers: Readonly<Record<string, number>>;
}

export interface FuzzOptions {
  readonly seed: number;
  /** Ends after so many, */
  readonly knocks: number;
  /** or goes on for so long. */
  readonly seconds?: number | undefined;
}

/** Asking for the coverage takes longer than a knock: it is asked for after so many, which are all kept when it is new. */
const batch = 16;
const mostKept = 4_000;

/** Knocks at a door with bytes that are ever less well-formed; what reaches code that had not run is built upon. */
export async function fuzz(door: Door, { seed, knocks, seconds = 0 }: FuzzOptions): Promise<FuzzReport> {
  const pick = chance(seed);
  const corpus: Uint8Array[] = [...door.seeds];
  const answers: Record<string, number> = {};
  const knock = async (bytes: Uint8Array): Promise<string> => {
    const before = new Uint8Array(bytes);
    try {
      const answer = await door.knock(bytes);
      answers[answer] = (answers[answer] ?? 0) + 1;
      return answer;
    } catch (error) {
      const said = error instanceof Error ? (error.stack ?? error.message) : String(error);
      return expect.fail(
        `${door.name} broke (seed ${seed}) at base64 ${Buffer.from(before).toString("base64")}\n${said}`,
      );
    }
  };

  const coverage = new NewCoverage();
  coverage.start();
  let done = 0;
  try {
    for (const bytes of door.seeds) await knock(new Uint8Array(bytes));
    coverage.take();
    const endMs = performance.now() + seconds * 1_000;
    while (done < knocks || performance.now() < endMs) {
      const tried = Array.from({ length: batch }, () => next(door, corpus, pick));
      const taken: Uint8Array[] = [];
      for (const bytes of tried) if ((await knock(new Uint8Array(bytes))) === door.answers[0]) taken.push(bytes);
      done += batch;
      // What is refused leads further away: a little of that is enough.
      if (coverage.take() > 0) corpus.push(...(taken.length > 0 ? taken : tried.slice(0, 1)));
      // The oldest that were found; the seeds stay.
      if (corpus.length > mostKept) corpus.splice(door.seeds.length, corpus.length - mostKept);
      expectNoPollution();
    }
  } finally {
    coverage.stop();
  }
  return { knocks: done, corpus: corpus.length, answers };
}

/** Half of the time a value that is changed as such, else bytes; and half of these from a seed. */
function next({ seeds, values = [], write, words }: Door, corpus: readonly Uint8Array[], pick: Chance): Uint8Array {
  if (write !== undefined && values.length > 0 && pick(2) === 0) {
    try {
      return write(mutateValue(values[pick(values.length)], pick));
    } catch {
      // Nothing that this form can say.
    }
  }
  return mutate(pick(2) === 0 ? seeds : corpus, words, pick);
}
