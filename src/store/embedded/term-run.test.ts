import fc from "fast-check";
import { expect, it } from "vitest";
import { encodeRun, lookUp, shardOf } from "./term-run.ts";

const hash = fc.oneof(fc.integer({ min: 0, max: 2 ** 32 - 1 }), fc.constantFrom(0, 1, 2 ** 26, 2 ** 32 - 1));

it("a run answers for every hash which versions have it, and none for a hash that nobody has", () => {
  const run = fc.record({
    firstSeq: fc.integer({ min: 1, max: 2 ** 40 }),
    terms: fc.array(fc.uniqueArray(hash, { maxLength: 8 }), { maxLength: 30 }),
    other: hash,
  });
  fc.assert(
    fc.property(run, ({ firstSeq, terms, other }) => {
      const traces = new Map(terms.map((its, at) => [firstSeq + 3 * at, its]));
      const shards = encodeRun(firstSeq, traces);
      for (const each of new Set([...terms.flat(), other])) {
        const expected = [...traces].filter(([, its]) => its.includes(each)).map(([seq]) => seq);
        const shard = shards[shardOf(each)];
        expect(shard === undefined ? [] : lookUp(shard, each, firstSeq)).toEqual(expected);
      }
    }),
  );
});
