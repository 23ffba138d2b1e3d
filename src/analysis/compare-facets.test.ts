import { describe, expect, it } from "vitest";
import { compareFacets, type TraceSet } from "./compare-facets.ts";
import type { Facet } from "./facet.ts";

/** A facet by the number of traces that have each value. */
function aFacet(counts: Readonly<Record<string, number>>, more: Partial<Facet> = {}): Facet {
  const values = Object.entries(counts).map(([value, traces]) => ({ value, traces, failing: 0 }));
  const traces = values.reduce((sum, value) => sum + value.traces, 0);
  return { kind: "annotation", key: "tier", traces, distinct: values.length, isOpen: false, values, ...more };
}

const aSet = (traces: number, ...facets: readonly Facet[]): TraceSet => ({ traces, facets });

describe("compareFacets", () => {
  it("ranks attributes by how far the shares of a value are apart", () => {
    const a = aSet(100, aFacet({ plus: 50, free: 50 }), aFacet({ eu: 50, us: 50 }, { key: "region" }));
    const b = aSet(100, aFacet({ plus: 75, free: 25 }), aFacet({ eu: 100 }, { key: "region" }));
    const found = compareFacets(a, b);
    expect(found.map(({ key }) => key)).toEqual(["region", "tier"]);
    expect(found[0]!.values).toMatchObject([
      { value: "eu", a: 50, b: 100, shareA: 0.5, shareB: 1 },
      { value: "us", a: 50, b: 0, shareA: 0.5, shareB: 0 },
    ]);
  });

  it("finds no difference where chance explains it: in few traces, or in ids that no two share", () => {
    expect(compareFacets(aSet(1, aFacet({ plus: 1 })), aSet(1, aFacet({ free: 1 })))).toEqual([]);
    const ids = (from: number): Facet =>
      aFacet(Object.fromEntries(Array.from({ length: 50 }, (_, number) => [`o${from + number}`, 1])), { key: "order" });
    expect(compareFacets(aSet(50, ids(0)), aSet(50, ids(50)))).toEqual([]);
    expect(compareFacets(aSet(50, aFacet({ plus: 24 })), aSet(50, aFacet({ plus: 26 })))).toEqual([]);
  });

  it("goes by how many traces were seen, not by how many they stand for", () => {
    const [a, b] = [aSet(1_000, aFacet({ plus: 450 })), aSet(1_000, aFacet({ plus: 550 }))];
    expect(compareFacets(a, b)).toHaveLength(1);
    expect(compareFacets({ ...a, kept: 50 }, { ...b, kept: 50 })).toEqual([]);
  });

  it("does not take a value for missing that the facet had no room for", () => {
    const cut = aFacet({ "/a": 60 }, { distinct: 2 });
    const values = compareFacets(aSet(100, cut), aSet(100, aFacet({ "/a": 10, "/b": 90 })))[0]!.values;
    expect(values.map(({ value }) => value)).toEqual(["/a"]);
  });

  it("tells an attribute that only one of the sets knows", () => {
    const [found] = compareFacets(aSet(40), aSet(40, aFacet({ v2: 40 }, { key: "version" })));
    expect(found).toMatchObject({ key: "version", values: [{ value: "v2", a: 0, b: 40, shareB: 1 }] });
  });

  it("has nothing to say of an empty set", () => {
    expect(compareFacets(aSet(0), aSet(40, aFacet({ plus: 40 })))).toEqual([]);
  });
});
