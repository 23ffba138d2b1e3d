import { isAscii } from "node:buffer";
import { isSpanDatagram, readSpanDatagram } from "../otlp/span-datagram.ts";
import { type ParsedDocument, parseSegment } from "../trace/parse-segment.ts";
import { scrubDocument } from "../trace/scrub.ts";

/**
 * What a document says that is on its way to a receiver of OTLP, without the secrets in its URLs. Spans that came in a
 * document's place are read as the segments that X-Ray would show them as.
 */
export function readOutgoing(bytes: Uint8Array): ParsedDocument {
  return isSpanDatagram(bytes) ? readSpans(bytes) : parseSegment(scrubDocument(textOf(bytes)));
}

/** One bad span costs only itself, as a bad subsegment does. */
function readSpans(bytes: Uint8Array): ParsedDocument {
  const read = readSpanDatagram(bytes);
  if ("problem" in read) return { kind: "refused", problem: read.problem };
  const parsed = read.documents.map(({ text }) => parseSegment(scrubDocument(text)));
  const segments = parsed.flatMap((each) => (each.kind === "segments" ? each.segments : []));
  const problems = [
    ...read.refused.map(({ problem }) => ({ problem })),
    ...parsed.flatMap((each) => (each.kind === "segments" ? each.problems : each)),
  ];
  const [first] = problems;
  return segments.length > 0 || first === undefined
    ? { kind: "segments", segments, problems }
    : { kind: "refused", ...first };
}

/** Nearly every document is ASCII, which is read faster as Latin-1. */
function textOf(bytes: Uint8Array): string {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  return buffer.toString(isAscii(buffer) ? "latin1" : "utf8");
}
