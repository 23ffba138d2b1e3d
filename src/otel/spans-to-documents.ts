import type { Problem } from "../trace/problem.ts";
import type { OtlpRequest } from "./otlp-request.ts";
import type { Span } from "./span.ts";

/** A segment document, as `parseSegment` reads it, and how many of the request's spans are in it. */
export interface SpanDocument {
  readonly text: string;
  readonly spans: number;
}

/** A span that no document can be made of. */
export interface RefusedSpan {
  readonly problem: Problem;
  readonly span: Span;
}

/** What a request gives: the spans of all documents and the refused ones are all of its spans, each once. */
export interface SpanDocuments {
  readonly documents: readonly SpanDocument[];
  readonly refused: readonly RefusedSpan[];
}

export function spansToDocuments(request: OtlpRequest): SpanDocuments {
  throw new Error(`${request.length}`);
}
