import { isAscii } from "node:buffer";
import { parseSegment } from "../trace/parse-segment.ts";
import { scrubDocument } from "../trace/scrub.ts";
import type { Segment } from "../trace/segment.ts";
import type { KeptDocument } from "./keep-documents.ts";
import type { RawDocument, Refusal } from "./trace-store.ts";

/** A document that has been read: its text as it will be kept, without secrets, and the bytes of that. */
export interface ArrivedDocument extends KeptDocument {
  readonly bytes: Uint8Array;
}

export interface ReadDocuments {
  /** One for each document that came, in order. */
  readonly outcomes: (Refusal | undefined)[];
  /** What can be kept, by trace, in order of arrival. A list of subsegments may belong to several traces. */
  readonly byTrace: ReadonlyMap<string, ArrivedDocument[]>;
}

/** Reads a batch as it came from the wire. */
export function readDocuments(documents: readonly RawDocument[]): ReadDocuments {
  const byTrace = new Map<string, ArrivedDocument[]>();
  const outcomes = documents.map(({ bytes }) => readDocument(bytes, byTrace));
  return { outcomes, byTrace };
}

function readDocument(bytes: Uint8Array, byTrace: Map<string, ArrivedDocument[]>): Refusal | undefined {
  const sent = textOf(bytes);
  const text = scrubDocument(sent);
  const parsed = parseSegment(text);
  if (parsed.kind === "refused") {
    const { problem, segmentId } = parsed;
    return segmentId === undefined ? { problem } : { problem, segmentId };
  }
  const kept = text === sent ? bytes : Buffer.from(text);
  for (const [traceId, segments] of segmentsByTrace(parsed.segments)) {
    const document = { text, segments, bytes: kept };
    const others = byTrace.get(traceId);
    if (others === undefined) byTrace.set(traceId, [document]);
    else others.push(document);
  }
  return parsed.problems[0];
}

function segmentsByTrace(segments: readonly Segment[]): Iterable<readonly [string, readonly Segment[]]> {
  const ids = new Set(segments.map(({ traceId }) => traceId));
  return [...ids].map((id) => [id, ids.size === 1 ? segments : segments.filter(({ traceId }) => traceId === id)]);
}

/** A document's text. Nearly every one is ASCII, which is read faster as Latin-1. */
export function textOf(bytes: Uint8Array): string {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  return buffer.toString(isAscii(buffer) ? "latin1" : "utf8");
}
