import { expect, it } from "vitest";
import type { Door } from "./door.ts";
import { datagramsDoor, documentsDoor } from "./doors/documents.ts";
import { daemonConfigDoor, importsDoor, localRulesDoor } from "./doors/files.ts";
import { filtersDoor } from "./doors/filters.ts";
import { headersDoor } from "./doors/headers.ts";
import { otlpJsonDoor, otlpProtobufDoor } from "./doors/otlp.ts";
import { fuzz } from "./fuzz.ts";

/** For each door; an hour by hand: FUZZ_SECONDS=3600 FUZZ_SEED=1 npx vitest run --project hostile fuzz.test */
const seconds = process.env.FUZZ_SECONDS === undefined ? undefined : Number(process.env.FUZZ_SECONDS);
/** Always the same ones, unless somebody looks for new ones. */
const seed = Number(process.env.FUZZ_SEED ?? 20_261_124);
const knocks = 1_600;

const doors: readonly Door[] = [
  datagramsDoor,
  documentsDoor,
  otlpJsonDoor,
  otlpProtobufDoor,
  filtersDoor,
  headersDoor,
  importsDoor,
  daemonConfigDoor,
  localRulesDoor,
];

it.each(doors)(
  "$name: whatever comes is taken or refused, and breaks nothing",
  {
    timeout: 240_000 + (seconds ?? 0) * 1_000,
  },
  async (door) => {
    const report = await fuzz(door, { seed, knocks, seconds });
    for (const answer of door.answers)
      expect(report.answers[answer], `${answer} was never answered`).toBeGreaterThan(0);
    if (seconds !== undefined) console.log(door.name, JSON.stringify(report));
  },
);
