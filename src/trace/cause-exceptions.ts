import type { Exception, Segment } from "./segment.ts";

/**
 * The exceptions behind a (sub)segment's cause: its own, or those it points at further down. Python points with the id
 * of the exception, Node with the id of the subsegment that failed.
 */
export function causeExceptions(place: Segment): readonly Exception[] {
  const { cause } = place;
  if (cause === undefined) return none;
  if (cause.exceptions.length > 0 || cause.reference === undefined) return cause.exceptions;
  return findBelow(place, cause.reference) ?? none;
}

const none: readonly Exception[] = [];

function findBelow(place: Segment, reference: string): readonly Exception[] | undefined {
  for (const subsegment of place.subsegments) {
    const own = subsegment.cause?.exceptions ?? none;
    if (own.length > 0) {
      if (subsegment.id === reference) return own;
      const meant = own.filter((exception) => exception.id === reference);
      if (meant.length > 0) return meant;
    }
    const deeper = findBelow(subsegment, reference);
    if (deeper !== undefined) return deeper;
  }
  return undefined;
}
