import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Facet } from "../../analysis/facet.ts";
import { emptyView, readView, type View, writeView } from "../address/view-address.ts";
import { type Compared, readCompared, type SetSide, writeCompared } from "./compare-address.ts";
import { runsAmong, setPresets } from "./set-presets.ts";

const side: fc.Arbitrary<SetSide> = fc.record({
  filter: fc.string({ unit: "grapheme" }),
  span: fc.oneof(
    fc.integer({ min: 1, max: 9_999 }).map((minutes) => ({ kind: "last", seconds: minutes * 60 }) as const),
    fc
      .tuple(fc.integer({ min: 0, max: 2_000_000_000 }), fc.integer({ min: 1, max: 1_000_000 }))
      .map(([from, long]) => ({ kind: "between", startSeconds: from, endSeconds: from + long }) as const),
  ),
});
const id = fc.stringMatching(/^1-[0-9a-f]{8}-[0-9a-f]{24}$/);
const compared: fc.Arbitrary<Compared> = fc.oneof(
  fc.record({ kind: fc.constant("traces" as const), a: id, b: id, order: fc.constantFrom("tree", "difference") }),
  fc.record({ kind: fc.constant("sets" as const), a: side, b: side }),
);
const through = (each: Compared): Compared => {
  const view: View = { ...emptyView, own: writeCompared(each) };
  return readCompared(readView(writeView(view)));
};

describe("the address of a comparison", () => {
  it("is read back as what it was written from", () => {
    fc.assert(
      fc.property(compared, (each) => {
        expect(through(each)).toEqual(each);
      }),
    );
  });

  it("takes for a set that it does not name what the console looks at", () => {
    const view = readView("by=sets&filter=fault&range=15m");
    const whole: SetSide = { filter: "fault", span: { kind: "last", seconds: 900 } };
    expect(readCompared(view)).toEqual({ kind: "sets", a: whole, b: whole });
  });
});

describe("the sets that are proposed", () => {
  const from: SetSide = { filter: 'service("a") OR service("b")', span: { kind: "last", seconds: 600 } };

  it("are as long as each other, one right before the other", () => {
    const [before] = setPresets(from, { nowSeconds: 10_000, startedSeconds: undefined });
    expect([before!.a.span, before!.b.span]).toEqual([
      { kind: "between", startSeconds: 8_800, endSeconds: 9_400 },
      { kind: "between", startSeconds: 9_400, endSeconds: 10_000 },
    ]);
  });

  it("keep the filter whole", () => {
    const faults = setPresets(from, { nowSeconds: 10_000, startedSeconds: undefined }).find(
      ({ label }) => label === "OK and faults",
    );
    expect(faults!.b.filter).toBe('(service("a") OR service("b")) AND fault');
  });

  it("part at the last start, where that is known", () => {
    const labels = setPresets(from, { nowSeconds: 10_000, startedSeconds: 9_000 }).map(({ label }) => label);
    expect(labels).toContain("Last run and this run");
  });

  it("has runs by their names, in the order of these", () => {
    const values = ["run 10", 'the "new" one', "run 9"].map((value) => ({ value, traces: 1, failing: 0 }));
    const facet = { kind: "annotation", key: "run", distinct: 3, isOpen: false, values } as unknown as Facet;
    const runs = runsAmong([facet]);
    expect(runs).toEqual(["run 9", "run 10", 'the "new" one']);
    const one = { ...from, filter: 'annotation.run = "run 9"' };
    const presets = setPresets(one, { nowSeconds: 10_000, startedSeconds: undefined, runs });
    expect(presets.slice(-2).map(({ label, a, b }) => [label, a.filter, b.filter])).toEqual([
      ["run 9 and run 10", 'annotation.run = "run 9"', 'annotation.run = "run 10"'],
      ['run 10 and the "new" one', 'annotation.run = "run 10"', 'annotation.run = "the \\"new\\" one"'],
    ]);
    expect(runsAmong([])).toEqual([]);
  });
});
