import { parseTraceId, toW3cTraceId } from "./trace-id.ts";

/** What W3C's `traceparent` header says. */
export interface Traceparent {
  /** In X-Ray's form. */
  readonly traceId: string;
  readonly parentId: string;
  readonly isSampled: boolean;
}

const version00 = /^00-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})$/i;
/** A later version may add fields after the flags; the first four keep their meaning. */
const laterVersion = /^(?!00|ff)[0-9a-f]{2}-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(?:$|-)/i;
const zeros = /^0+$/;

/** Reads a `traceparent` header; undefined when it is not one. Never throws. */
export function parseTraceparent(text: string | undefined): Traceparent | undefined {
  const trimmed = (text ?? "").trim();
  const match = version00.exec(trimmed) ?? laterVersion.exec(trimmed);
  if (!match) return undefined;
  const [, trace = "", parent = "", flags = ""] = match;
  if (zeros.test(trace) || zeros.test(parent)) return undefined;
  return {
    traceId: parseTraceId(trace)!,
    parentId: parent.toLowerCase(),
    isSampled: (Number.parseInt(flags, 16) & 1) === 1,
  };
}

/** The header's text, in version 00. */
export function formatTraceparent({ traceId, parentId, isSampled }: Traceparent): string {
  return `00-${toW3cTraceId(traceId)}-${parentId}-${isSampled ? "01" : "00"}`;
}
