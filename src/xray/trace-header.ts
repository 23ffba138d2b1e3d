import { isSegmentId } from "./segment-id.ts";
import { parseTraceId } from "./trace-id.ts";

/** What `X-Amzn-Trace-Id` says, as far as it makes sense. */
export interface TraceHeader {
  /** The trace, in canonical form. */
  readonly root?: string;
  /** The caller's segment or subsegment, in lower case. Never without `root`. */
  readonly parent?: string;
  /** `"?"` asks the callee to decide and to tell in its response; absent means that nobody has decided. */
  readonly sampled?: "1" | "0" | "?";
  /** `Lineage=…` and other people's pairs, to be handed on unchanged. `Self` is the load balancer's own and left out. */
  readonly extra: readonly string[];
}

/** More than any sender writes; what comes after is not read. */
const maxLength = 8_192;
/** For all foreign pairs together, so that a header cannot grow from hop to hop. */
const maxExtraLength = 1_024;

/** Reads a trace header as leniently as the most lenient SDK: any case, any order, blanks, unknown keys. Never throws. */
export function parseTraceHeader(text: string | undefined): TraceHeader {
  const found: { root?: string; parent?: string; sampled?: "1" | "0" | "?" } = {};
  const extra: string[] = [];
  let extraLength = 0;
  for (const part of (text ?? "").slice(0, maxLength).split(";")) {
    const pair = part.trim();
    const equals = pair.indexOf("=");
    if (equals < 1) continue;
    const key = pair.slice(0, equals).trim().toLowerCase();
    const value = pair.slice(equals + 1).trim();
    if (key === "root") {
      const root = parseTraceId(value);
      if (root) found.root = root;
    } else if (key === "parent") {
      if (isSegmentId(value)) found.parent = value.toLowerCase();
    } else if (key === "sampled") {
      if (value === "1" || value === "0" || value === "?") found.sampled = value;
    } else if (key !== "self" && isPrintable(pair) && extraLength + pair.length <= maxExtraLength) {
      extra.push(pair);
      extraLength += pair.length;
    }
  }
  // A parent belongs to its trace: without a root it would be taken into a trace that does not have it.
  if (found.root === undefined) delete found.parent;
  return { ...found, extra };
}

/** The header's text, in the order that X-Ray writes it; empty when there is nothing to say. */
export function formatTraceHeader({ root, parent, sampled, extra }: TraceHeader): string {
  const parts: string[] = [];
  if (root !== undefined) parts.push(`Root=${root}`);
  if (parent !== undefined) parts.push(`Parent=${parent}`);
  if (sampled !== undefined) parts.push(`Sampled=${sampled}`);
  return [...parts, ...extra].join(";");
}

/** Anything else could not be written into an HTTP header again. */
function isPrintable(text: string): boolean {
  return /^[\x20-\x7e]+$/.test(text);
}
