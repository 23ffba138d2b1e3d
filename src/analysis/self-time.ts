import type { SpanColumns } from "./span-columns.ts";

/** Seconds of each row in which nothing below it was at work: its duration without what its children cover. */
export function selfSeconds(tree: SpanColumns): Float64Array {
  const { count, starts, sizes } = tree;
  const seconds = new Float64Array(count);
  for (let row = 0; row < count; row += 1) {
    const start = starts[row]!;
    const end = endOf(tree, row);
    let own = 0;
    // Children are in the order of their start, so what they cover grows to the right.
    let covered = start;
    for (let child = row + 1; child < row + sizes[row]!; child += sizes[child]!) {
      const from = Math.min(starts[child]!, end);
      if (from > covered) own += from - covered;
      covered = Math.max(covered, Math.min(endOf(tree, child), end));
    }
    seconds[row] = own + Math.max(0, end - covered);
  }
  return seconds;
}

/** The end of a row; of one in progress, the end of the trace so far. */
export function endOf(
  { starts, ends, endSeconds }: Pick<SpanColumns, "starts" | "ends" | "endSeconds">,
  row: number,
): number {
  const end = ends[row]!;
  return Math.max(starts[row]!, Number.isNaN(end) ? endSeconds : end);
}
