import { endOf } from "../../analysis/self-time.ts";
import type { SpanColumns } from "../../analysis/span-columns.ts";

/** The rows of a trace in lanes: each below its parent, and none over another. */
export interface Flame {
  /** For each row, from the top. */
  readonly lanes: Int32Array;
  readonly laneCount: number;
}

/** Puts each row in the first lane below its parent's that is free when it starts. */
export function layFlame(trace: SpanColumns): Flame {
  const lanes = new Int32Array(trace.count);
  /** Until when each lane is taken. */
  const taken: number[] = [];
  for (let row = 0; row < trace.count; row += 1) {
    const parent = trace.parents[row]!;
    let lane = parent < 0 ? 0 : lanes[parent]! + 1;
    while ((taken[lane] ?? Number.NEGATIVE_INFINITY) > trace.starts[row]! + 1e-9) lane += 1;
    lanes[row] = lane;
    taken[lane] = endOf(trace, row);
  }
  return { lanes, laneCount: taken.length };
}
