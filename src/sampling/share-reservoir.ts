/**
 * Shares whole pieces by weight: the shares add up to `size`, and none is further than one piece from its exact part.
 * Without any weight all count alike. Equal claims go to the one listed first.
 */
export function shareReservoir(size: number, weights: readonly number[]): number[] {
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const parts = weights.map((weight) => (total > 0 ? weight / total : 1 / weights.length) * size);
  const shares = parts.map(Math.floor);
  const left = size - shares.reduce((sum, share) => sum + share, 0);
  const byClaim = parts.map((part, index) => ({ index, claim: part - shares[index]! }));
  byClaim.sort((a, b) => b.claim - a.claim || a.index - b.index);
  for (const { index } of byClaim.slice(0, left)) shares[index]! += 1;
  return shares;
}
