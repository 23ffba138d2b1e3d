/**
 * An id for what a span gives besides itself, by its place among these: the same whenever the span is read, so that a
 * request that comes twice gives the same documents.
 */
export function derivedId(spanId: string, place: number): string {
  const high = Number.parseInt(spanId.slice(0, 8), 16) ^ Math.imul(place + 1, 0x9e3779b9);
  return (high >>> 0).toString(16).padStart(8, "0") + spanId.slice(8);
}
