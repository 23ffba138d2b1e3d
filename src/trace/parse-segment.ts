import { parseTraceId } from "../xray/trace-id.ts";
import { asId, asObject, type WireObject } from "./members.ts";
import type { Problem, ProblemCode } from "./problem.ts";
import { readJson } from "./read-json.ts";
import { type Report, readSegment } from "./read-segment.ts";
import type { Segment } from "./segment.ts";

/** What a document says: its segments, with what had to be left out of them, or why nothing of it can be kept. */
export type ParsedDocument =
  | { readonly kind: "segments"; readonly segments: readonly Segment[]; readonly problems: readonly Refused[] }
  | { readonly kind: "refused"; readonly problem: Problem; readonly segmentId?: string };

/** A part of a document that was left out. `segmentId` is the id of the document it stood in, where it could be read. */
interface Refused {
  readonly problem: Problem;
  readonly segmentId?: string;
}

export interface ParseOptions {
  /** UTF-8 bytes a document may have. X-Ray takes 64 KB, we take 1 MB unless told otherwise. */
  readonly maxBytes?: number;
}

const DEFAULT_MAX_BYTES = 1_048_576;
/** A document that is wrong in more places says nothing new. */
const MAX_PROBLEMS = 20;
/** In so few characters nothing can be nested deep enough to hurt. */
const SHORT_LENGTH = 4096;

/**
 * Reads a segment document: one segment, one subsegment sent alone, or an array of these, in any SDK's dialect.
 * Never throws; a bad subsegment costs only itself.
 *
 * @example
 * const parsed = parseSegment('{"trace_id":"1-5759e988-bd862e3fe1be46a994272793","id":"53995c3f42cd8ad8","name":"shop","start_time":1,"end_time":2}');
 * if (parsed.kind === "segments") console.log(parsed.segments[0].name); // shop
 */
export function parseSegment(text: string, { maxBytes = DEFAULT_MAX_BYTES }: ParseOptions = {}): ParsedDocument {
  if (isLargerThan(text, maxBytes)) {
    return refused(problem("SegmentTooLarge", `the document has more than ${maxBytes} bytes`));
  }
  const json = readJson(text);
  if ("reason" in json) return refused(problem("InvalidJson", json.reason));

  const segments: Segment[] = [];
  const problems: Refused[] = [];
  const isShort = text.length <= SHORT_LENGTH;
  if (Array.isArray(json.value)) {
    for (let i = 0; i < json.value.length; i++) readDocument(json.value[i], isShort, `${i}`, segments, problems);
    if (json.value.length === 0) return refused(problem("InvalidSegment", "the list of subsegments is empty"));
  } else {
    readDocument(json.value, isShort, "", segments, problems);
  }
  return segments.length > 0 ? { kind: "segments", segments, problems } : { kind: "refused", ...problems[0]! };
}

/** Only at the root does `type` tell a subsegment sent alone: Python repeats it on embedded ones. */
function readDocument(value: unknown, isShort: boolean, root: string, segments: Segment[], problems: Refused[]): void {
  const wire = asObject(value);
  const isSubsegment = wire?.type === "subsegment";
  const report: Report = (code, reason, inSubsegment, at, member) => {
    if (problems.length === MAX_PROBLEMS) return;
    const id = asId(wire?.id);
    const path = pathOf(root, at, member);
    problems.push({ problem: problem(code, reason, inSubsegment, path), ...(id !== undefined && { segmentId: id }) });
  };

  if (wire === undefined) {
    report("InvalidSegment", "a segment is a JSON object", false, []);
    return;
  }
  const traceId = typeof wire.trace_id === "string" ? parseTraceId(wire.trace_id) : undefined;
  const parentId = asId(wire.parent_id);
  if (traceId === undefined) {
    reportTraceId(wire, isSubsegment, report);
  } else if (isSubsegment && parentId === undefined) {
    reportParentId(wire, report);
  } else {
    const segment = readSegment(wire, { traceId, isShort, position: [], report }, isSubsegment, parentId);
    if (segment !== undefined) segments.push(segment);
  }
}

function reportTraceId(wire: WireObject, isSubsegment: boolean, report: Report): void {
  if (wire.trace_id === undefined || wire.trace_id === null || wire.trace_id === "") {
    report("MissingTraceId", "there is no trace_id", isSubsegment, [], "trace_id");
  } else {
    const reason = "a trace_id is 1-<8 hex digits>-<24 hex digits>, or 32 hex digits";
    report("InvalidTraceId", reason, isSubsegment, [], "trace_id");
  }
}

function reportParentId(wire: WireObject, report: Report): void {
  if (wire.parent_id === undefined || wire.parent_id === null || wire.parent_id === "") {
    report("MissingParentId", "a subsegment sent alone names its parent", true, [], "parent_id");
  } else {
    report("InvalidId", "a parent_id is 16 hexadecimal digits", true, [], "parent_id");
  }
}

function pathOf(root: string, position: readonly number[], member: string | undefined): string {
  const steps = root === "" ? [] : [root];
  for (const index of position) steps.push(`subsegments.${index}`);
  if (member !== undefined) steps.push(member);
  return steps.join(".");
}

/** X-Ray's own form of message, with the reason and the place that X-Ray leaves out. */
function problem(code: ProblemCode, reason: string, isSubsegment = false, path = ""): Problem {
  const kind = isSubsegment ? "subsegment" : "segment";
  const place = path === "" ? "" : ` (at ${path})`;
  return { code, path, message: `Invalid ${kind}. ErrorCode: ${code}, Cause: ${reason}${place}` };
}

function refused(problem: Problem): ParsedDocument {
  return { kind: "refused", problem };
}

function isLargerThan(text: string, maxBytes: number): boolean {
  if (text.length > maxBytes) return true;
  if (text.length * 3 <= maxBytes) return false;
  let bytes = text.length;
  for (let i = 0; i < text.length && bytes <= maxBytes; i++) {
    const code = text.charCodeAt(i);
    // A surrogate pair is two units and four bytes: one extra for each half.
    if (code >= 0x80) bytes += code < 0x800 || (code >= 0xd800 && code < 0xe000) ? 1 : 2;
  }
  return bytes > maxBytes;
}
