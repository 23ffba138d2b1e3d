import { isAscii } from "node:buffer";
import { isSpanDatagram, readSpanDatagram } from "../otlp/span-datagram.ts";
import { parseSegment } from "../trace/parse-segment.ts";
import { scrubDocument } from "../trace/scrub.ts";
import type { Segment } from "../trace/segment.ts";
import type { KeptDocument } from "./keep-documents.ts";
import { traceIdIn } from "./trace-id-in.ts";
import type { RawDocument, Refusal } from "./trace-store.ts";

/** A document that has been read: its text as it will be kept, without secrets, and the bytes of that. */
export interface ArrivedDocument extends KeptDocument {
  readonly bytes: Uint8Array;
  /** How many traces its trace stands for, where that was said. */
  readonly weight?: number;
}

/**
 * Reads a batch as it came from the wire, trace by trace: each trace once, with its documents in order of arrival. What is
 * refused goes into `outcomes`, which has a place for each document.
 *
 * A trace is read when it is asked for, so that what is parsed of it can be forgotten again before the next: on a batch of
 * thousands that saves the garbage collector a tenth of all the work. Which trace a document belongs to is seen without
 * parsing where it says `"trace_id"` once; the others are parsed ahead. OpenTelemetry's spans, which may stand where a
 * document does, become documents here, as many as they are local roots.
 */
export function* readDocuments(
  documents: readonly RawDocument[],
  outcomes: (Refusal | undefined)[],
): Generator<readonly [traceId: string, arrived: ArrivedDocument[]]> {
  const byTrace = new Map<string, (number | ArrivedDocument)[]>();
  const add = (traceId: string, document: number | ArrivedDocument): void => {
    const others = byTrace.get(traceId);
    if (others === undefined) byTrace.set(traceId, [document]);
    else others.push(document);
  };
  for (let at = 0; at < documents.length; at++) {
    const raw = documents[at]!;
    const { bytes } = raw;
    if (isSpanDatagram(bytes)) {
      for (const document of readSpans(raw, at, outcomes)) add(document.segments[0]!.traceId, document);
      continue;
    }
    const traceId = traceIdIn(bytes);
    if (traceId !== undefined) {
      add(traceId, at);
    } else {
      const document = readDocument(raw, at, outcomes);
      for (const id of new Set(document?.segments.map((segment) => segment.traceId))) add(id, ofTrace(id, document!));
    }
  }
  for (const [traceId, arrived] of byTrace) {
    const read: ArrivedDocument[] = [];
    for (const each of arrived) {
      const document = typeof each === "number" ? readDocument(documents[each]!, each, outcomes) : each;
      if (document !== undefined) read.push(document);
    }
    if (read.length > 0) yield [traceId, read];
  }
}

function readDocument(
  { bytes, weight }: RawDocument,
  at: number,
  outcomes: (Refusal | undefined)[],
): ArrivedDocument | undefined {
  const sent = textOf(bytes);
  const text = scrubDocument(sent);
  const parsed = parseSegment(text);
  if (parsed.kind === "segments") {
    outcomes[at] = parsed.problems[0];
    const read = { text, segments: parsed.segments, bytes: text === sent ? bytes : Buffer.from(text) };
    return weight === undefined ? read : { ...read, weight };
  }
  const { problem, segmentId } = parsed;
  outcomes[at] = segmentId === undefined ? { problem } : { problem, segmentId };
  return undefined;
}

/** Spans that are refused cost only themselves; the first of them is what the sender is told of. */
function readSpans(raw: RawDocument, at: number, outcomes: (Refusal | undefined)[]): ArrivedDocument[] {
  const read = readSpanDatagram(raw.bytes);
  if ("problem" in read) {
    outcomes[at] = read;
    return [];
  }
  const refusals: (Refusal | undefined)[] = [];
  const arrived = read.documents.map(({ text }, index) =>
    readDocument({ ...raw, bytes: Buffer.from(text) }, index, refusals),
  );
  outcomes[at] = read.refused[0] ? { problem: read.refused[0].problem } : refusals.find(Boolean);
  return arrived.filter((document) => document !== undefined);
}

/** A list of subsegments may belong to several traces. */
function ofTrace(traceId: string, document: ArrivedDocument): ArrivedDocument {
  return { ...document, segments: document.segments.filter((segment: Segment) => segment.traceId === traceId) };
}

/** A document's text. Nearly every one is ASCII, which is read faster as Latin-1. */
export function textOf(bytes: Uint8Array): string {
  const buffer = asBuffer(bytes);
  return buffer.toString(isAscii(buffer) ? "latin1" : "utf8");
}

const asBuffer = (bytes: Uint8Array): Buffer => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
