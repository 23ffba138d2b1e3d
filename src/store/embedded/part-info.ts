import type { TraceRange } from "../trace-in-range.ts";
import type { StoreUsage } from "../trace-store.ts";
import type { PartFigures } from "./part-figures.ts";
import { sizeOf } from "./part-files.ts";

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

/** What all parts hold together. */
export function usageOf(parts: readonly PartInfo[]): StoreUsage {
  const sum = (of: (part: PartInfo) => number): number => parts.reduce((total, part) => total + of(part), 0);
  const filled = parts.filter(({ traces }) => traces > 0);
  return {
    segments: sum(({ segments }) => segments),
    traces: sum(({ traces }) => traces),
    bytes: sum(({ path }) => sizeOf(path)),
    ...(filled.length > 0 && {
      oldestSeconds: Math.min(...filled.map(({ minStart }) => minStart)),
      newestSeconds: Math.max(...filled.map(({ maxEnd }) => maxEnd)),
    }),
  };
}
