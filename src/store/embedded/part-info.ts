import type { TraceRange } from "../trace-in-range.ts";
import type { PartFigures } from "./part-figures.ts";

/** A part as readers need to know it. */
export interface PartInfo extends PartFigures {
  readonly path: string;
}

/** Whether traces of the range may be in the part. */
export function mayOverlap(part: PartInfo, { rangeType, startSeconds, endSeconds }: TraceRange): boolean {
  return rangeType === "TraceId"
    ? part.minTime < endSeconds && part.maxTime >= startSeconds
    : part.minStart - part.early < endSeconds && part.maxUntil >= startSeconds;
}
