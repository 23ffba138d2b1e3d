import { type Label, type SpanColumns, spanFlag } from "./span-columns.ts";
import { type State, stateOf } from "./state-of.ts";

/** What a row is called and about. */
export function labelOf(columns: SpanColumns, row: number): Label {
  return columns.labels[columns.labelOf[row]!]!;
}

/** The service whose work a row is. */
export function serviceOf(columns: SpanColumns, row: number): string {
  return columns.services[labelOf(columns, row).service]!;
}

/** Whether a row has one of these flags. */
export function has({ flags }: SpanColumns, row: number, flag: number): boolean {
  return (flags[row]! & flag) !== 0;
}

/** How a row went. */
export function rowState(columns: SpanColumns, row: number): State {
  return stateOf({
    fault: has(columns, row, spanFlag.fault),
    error: has(columns, row, spanFlag.error),
    throttle: has(columns, row, spanFlag.throttle),
  });
}
