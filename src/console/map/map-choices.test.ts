import fc from "fast-check";
import { expect, it } from "vitest";
import { emptyView, withChange, withOwn } from "../address/view-address.ts";
import { groupings, type MapChoices, percentiles, readChoices, writeChoices } from "./map-choices.ts";

const choices: fc.Arbitrary<MapChoices> = fc.record({
  percentile: fc.constantFrom(...percentiles),
  group: fc.option(fc.constantFrom(...groupings), { nil: undefined }),
  turned: fc.array(fc.string()),
  hops: fc.oneof(fc.integer({ min: 1, max: 9 }), fc.constant(Number.POSITIVE_INFINITY)),
  isSplit: fc.boolean(),
  part: fc.option(fc.string({ minLength: 1 }), { nil: undefined }),
  atSeconds: fc.option(fc.integer({ min: 1, max: 2_000_000_000 }), { nil: undefined }),
  pins: fc.option(fc.constant('[["a",1,2]]'), { nil: undefined }),
});

it("choices are read back from an address as they were written into it", () => {
  fc.assert(
    fc.property(choices, choices, (before, each) => {
      const there = withChange(emptyView, withOwn(emptyView, writeChoices(before)));
      const { own } = withChange(there, withOwn(there, writeChoices(each)));
      const said = Object.fromEntries(Object.entries(own).filter(([, word]) => word !== ""));
      expect(readChoices(said)).toEqual(each);
    }),
  );
});

it("words that make no sense count as not said", () => {
  const own = { percentile: "p42", group: "mood", turned: "[1,", hops: "-3", split: "hairs", at: "noon" };
  expect(readChoices(own)).toEqual(readChoices({}));
});
