import type { Facet, FacetKind, FacetValue, Named } from "./facet.ts";

/** A set of traces as its overview has it: how many they are, and what they have in common. */
export interface TraceSet {
  readonly traces: number;
  /** Those of them that were kept, where these are fewer: chance is a matter of how many were seen. */
  readonly kept?: number;
  readonly facets: readonly Facet[];
}

/** An attribute whose values two sets have in different shares. */
export interface ComparedAttribute {
  readonly kind: FacetKind;
  /** Of an annotation. */
  readonly key?: string;
  /** The greatest difference of its values that chance would not make. */
  readonly score: number;
  /** The greatest difference first. */
  readonly values: readonly ComparedValue[];
}

/** A value of it. */
export interface ComparedValue extends Named {
  /** Traces of the sets that have it. */
  readonly a: number;
  readonly b: number;
  /** Their shares, 0 to 1. */
  readonly shareA: number;
  readonly shareB: number;
  /** How far the shares are apart beyond what chance makes of sets of this size; not above 0 for no difference. */
  readonly score: number;
}

/**
 * The attributes by which two sets of traces differ, those that differ most first. A value that a facet has no room for
 * is left out rather than taken for missing.
 */
export function compareFacets(a: TraceSet, b: TraceSet): ComparedAttribute[] {
  const facets = new Map<string, { a?: Facet; b?: Facet }>();
  for (const [side, set] of [["a", a] as const, ["b", b] as const]) {
    for (const facet of set.facets) {
      const identity = `${facet.kind} ${facet.key ?? ""}`;
      facets.set(identity, { ...facets.get(identity), [side]: facet });
    }
  }
  const attributes: ComparedAttribute[] = [];
  for (const pair of facets.values()) {
    const values = compareValues(pair, a, b);
    const { kind, key } = (pair.b ?? pair.a)!;
    const score = values[0]?.score ?? 0;
    if (score > 0) attributes.push({ kind, ...(key !== undefined && { key }), score, values });
  }
  return attributes.sort((one, other) => other.score - one.score);
}

function compareValues(pair: { a?: Facet; b?: Facet }, setA: TraceSet, setB: TraceSet): ComparedValue[] {
  const [tracesA, tracesB] = [setA.traces, setB.traces];
  const [keptA, keptB] = [setA.kept ?? tracesA, setB.kept ?? tracesB];
  const [valuesA, valuesB] = [byIdentity(pair.a), byIdentity(pair.b)];
  const compared: ComparedValue[] = [];
  for (const identity of new Set([...valuesA.keys(), ...valuesB.keys()])) {
    const [inA, inB] = [valuesA.get(identity), valuesB.get(identity)];
    if ((inA === undefined && !isWhole(pair.a)) || (inB === undefined && !isWhole(pair.b))) continue;
    const { traces: _traces, failing: _failing, ...named } = (inB ?? inA)!;
    const [a, b] = [inA?.traces ?? 0, inB?.traces ?? 0];
    const shareA = tracesA === 0 ? 0 : a / tracesA;
    const shareB = tracesB === 0 ? 0 : b / tracesB;
    const score = Math.abs(shareB - shareA) - chance((a + b) / (tracesA + tracesB), keptA, keptB);
    if (score > 0) compared.push({ ...named, a, b, shareA, shareB, score });
  }
  return compared.sort((one, other) => other.score - one.score);
}

/** How far the shares of a value are likely to be apart in two sets of the same kind: nineteen times of twenty less. */
function chance(share: number, keptA: number, keptB: number): number {
  if (keptA === 0 || keptB === 0) return 1;
  return 1.96 * Math.sqrt(share * (1 - share) * (1 / keptA + 1 / keptB));
}

/** True if what the facet does not list is not there. */
function isWhole(facet: Facet | undefined): boolean {
  return facet === undefined || (!facet.isOpen && facet.values.length === facet.distinct);
}

function byIdentity(facet: Facet | undefined): Map<string, FacetValue> {
  return new Map(facet?.values.map((value) => [identityOf(value), value]));
}

function identityOf({ value, method, goesOn, message, family }: FacetValue): string {
  return JSON.stringify([value, method, goesOn, message, family]);
}
