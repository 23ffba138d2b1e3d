/** What says how many traces its trace stands for: a document on arrival, or a trace as it is kept. */
interface Weighed {
  readonly weight?: number;
}

/**
 * How many traces a trace stands for once more documents have arrived: the least that was said of it. A document that says
 * nothing changes nothing; a trace that nothing was ever said of stands for itself.
 */
export function weightOf(before: Weighed | undefined, arrived: readonly Weighed[]): number {
  let least = before === undefined ? Number.POSITIVE_INFINITY : (before.weight ?? 1);
  for (const { weight } of arrived) if (weight !== undefined && weight < least) least = weight;
  return least === Number.POSITIVE_INFINITY ? 1 : Math.max(1, Math.round(least));
}
