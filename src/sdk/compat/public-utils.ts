import { matchesWildcard } from "../../xray/wildcard.ts";
import { populateTraceData, validTraceData } from "./lambda-facade.ts";
import { safeParseInt } from "./safe-parse-int.ts";
import type { Segment } from "./segment.ts";
import { getCauseTypeFromHttpStatus } from "./status-cause.ts";
import { stripQueryStringFromPath } from "./strip-query-string.ts";
import { processTraceData } from "./trace-data.ts";

/** What X-Ray's SDK lets others have of its own workings. */
interface PublicUtils {
  getCauseTypeFromHttpStatus(status: number | string): "error" | "fault" | undefined;
  stripQueryStringFromPath(path: string): string;
  wildcardMatch(pattern: string, text: string): boolean;
  readonly LambdaUtils: {
    validTraceData(xAmznTraceId?: string): boolean;
    populateTraceData(segment: Segment, xAmznTraceId: string): boolean;
  };
  processTraceData(traceData?: string): { [key: string]: string };
  objectWithoutProperties<T extends object, K extends keyof T>(
    obj: T,
    keys: K[],
    preservePrototype?: boolean,
  ): Omit<T, K>;
  safeParseInt(val: number | string): number;
}

export const publicUtils: PublicUtils = {
  getCauseTypeFromHttpStatus,
  stripQueryStringFromPath,
  wildcardMatch: (pattern, text) => pattern !== undefined && text !== undefined && matchesWildcard(pattern, text),
  LambdaUtils: { validTraceData, populateTraceData },
  processTraceData: (traceData) => processTraceData(traceData) as { [key: string]: string },
  objectWithoutProperties<T extends object, K extends keyof T>(obj: T, keys: K[], preservePrototype = false) {
    const target: object = preservePrototype ? Object.create(Object.getPrototypeOf(obj)) : {};
    const kept = Object.entries(obj).filter(([key]) => !(keys as readonly PropertyKey[]).includes(key));
    return Object.assign(target, Object.fromEntries(kept)) as Omit<T, K>;
  },
  safeParseInt,
};
