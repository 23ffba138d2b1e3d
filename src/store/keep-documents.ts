import { keepNewest } from "../trace/merge-documents.ts";
import type { Segment } from "../trace/segment.ts";

/** A document and those of its segments that belong to the trace in question: all of them, nearly always. */
export interface KeptDocument {
  readonly text: string;
  readonly segments: readonly Segment[];
}

/** What a trace consists of once more documents have arrived: superseded ones are left out. */
export interface KeptTrace<D extends KeptDocument> {
  readonly documents: readonly D[];
  readonly segments: readonly Segment[];
}

/** Adds documents to those of a trace, in order of arrival. Answers nothing when that changes nothing. */
export function keepDocuments<D extends KeptDocument>(
  known: readonly D[],
  arrived: readonly D[],
): KeptTrace<D> | undefined {
  const fresh = withoutRepeats(known, arrived);
  if (fresh.length === 0) return undefined;
  const all = known.length === 0 ? fresh : [...known, ...fresh];
  const arrivals: Segment[] = [];
  for (const { segments } of all) for (const segment of segments) arrivals.push(segment);
  const segments = keepNewest(arrivals);
  if (segments.length === arrivals.length) return { documents: all, segments };
  const kept = new Set(segments);
  const documents = all.filter((document) => document.segments.some((segment) => kept.has(segment)));
  const isUnchanged = documents.length === known.length && known.every((document, at) => document === documents[at]);
  return isUnchanged ? undefined : { documents, segments };
}

function withoutRepeats<D extends KeptDocument>(known: readonly D[], arrived: readonly D[]): readonly D[] {
  if (known.length + arrived.length > manyDocuments) return withoutRepeatsOfMany(known, arrived);
  return arrived.filter(({ text }, at) => {
    for (let before = 0; before < at; before++) if (arrived[before]!.text === text) return false;
    return !known.some((document) => document.text === text);
  });
}

/** From here on a set is quicker, although it has to go through every text. */
const manyDocuments = 20;

function withoutRepeatsOfMany<D extends KeptDocument>(known: readonly D[], arrived: readonly D[]): readonly D[] {
  const texts = new Set(known.map(({ text }) => text));
  return arrived.filter(({ text }) => texts.size !== texts.add(text).size);
}
