/**
 * Says of a figure that it is an estimate, as `1 in 9.1 kept`: of what it counts, `estimated` were not kept by tail sampling.
 * Nothing where all were.
 */
export function estimateWords(total: number, estimated: number | undefined): string | undefined {
  if (estimated === undefined || estimated <= 0 || estimated >= total) return undefined;
  const each = total / (total - estimated);
  return `1 in ${each < 10 ? Number(each.toFixed(1)) : Math.round(each)} kept`;
}
