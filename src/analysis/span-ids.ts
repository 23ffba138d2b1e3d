import type { Ids } from "./span-columns.ts";

/** The ids of rows; where an id is, is worked out when somebody first asks. */
export function spanIds(count: number, at: (row: number) => string): Ids {
  let rows: Map<string, number> | undefined;
  return {
    at,
    rowOf(id) {
      if (rows === undefined) {
        rows = new Map();
        // Backwards: of rows with one id, the first is meant.
        for (let row = count - 1; row >= 0; row -= 1) rows.set(at(row), row);
      }
      return rows.get(id) ?? -1;
    },
  };
}
