/** A line of a table: what was measured, how much it was, how much it may be. */
export interface Figure {
  /** The bar it belongs to, as `5`. */
  readonly bar: number | string;
  readonly what: string;
  readonly values: readonly number[];
  /** Which of the values counts, from 0 to 1; the median unless told otherwise. */
  readonly share?: number;
  readonly unit?: string;
  /** The most, or with `isFloor` the least, that it may be. */
  readonly limit?: number | undefined;
  readonly isFloor?: boolean;
}

/** Prints a figure beside its limit. */
export function printFigure({ bar, what, values, share = 0.5, unit = "ms", limit, isFloor = false }: Figure): void {
  const value = quantile(values, share);
  const spread = values.length > 1 ? `${shortly(quantile(values, 0))}–${shortly(quantile(values, 1))}` : "";
  const bound = limit === undefined ? "" : `${isFloor ? "≥" : "≤"} ${limit} ${unit}`;
  const isMissed = limit !== undefined && (isFloor ? value < limit : value > limit);
  const columns = [
    String(bar).padStart(3),
    what.padEnd(48),
    `${shortly(value)} ${unit}`.padStart(12),
    spread.padStart(16),
    bound.padStart(12),
    isMissed ? "missed" : "",
  ];
  console.log(columns.join("  ").trimEnd());
}

/** The value that so large a share of the others does not exceed. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))]!;
}

function shortly(value: number): string {
  return value.toFixed(Math.abs(value) < 10 ? 1 : 0);
}
