import { labelOf } from "../../analysis/row-facts.ts";
import { endOf } from "../../analysis/self-time.ts";
import { type SpanColumns, spanFlag } from "../../analysis/span-columns.ts";

/** Which rows a person wants to see. */
export interface RowFilter {
  readonly minSeconds: number;
  /** Empty: all. */
  readonly services: readonly string[];
  readonly onlyFailed: boolean;
  /** Those that hold what is searched for, where only these are wanted. */
  readonly only?: readonly number[];
}

/** What a filter makes of a row. A row that stands above one that passes is seen, too. */
export const passage = { hidden: 0, passes: 1, above: 2 } as const;

/** For each row what the filter makes of it, and how many pass; `undefined` for a filter that lets everything pass. */
export function filterRows(
  columns: SpanColumns,
  { minSeconds, services, onlyFailed, only }: RowFilter,
): { readonly passages: Uint8Array; readonly passing: number } | undefined {
  if (minSeconds <= 0 && services.length === 0 && !onlyFailed && only === undefined) return undefined;
  const wanted = new Set(services.map((name) => columns.services.indexOf(name)));
  const found = only === undefined ? undefined : new Set(only);
  const failed = spanFlag.fault | spanFlag.error | spanFlag.throttle;
  const passages = new Uint8Array(columns.count);
  let passing = 0;
  // Upwards: what is below a row is known before the row itself.
  for (let row = columns.count - 1; row >= 0; row -= 1) {
    const passes =
      (found === undefined || found.has(row)) &&
      (!onlyFailed || (columns.flags[row]! & failed) !== 0) &&
      (wanted.size === 0 || wanted.has(labelOf(columns, row).service)) &&
      (minSeconds <= 0 || endOf(columns, row) - columns.starts[row]! >= minSeconds);
    if (passes) {
      passages[row] = passage.passes;
      passing += 1;
    }
    const parent = columns.parents[row]!;
    if (passages[row] !== passage.hidden && parent >= 0) passages[parent] = passage.above;
  }
  return { passages, passing };
}
