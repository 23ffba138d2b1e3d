import { type SpanKind, type SpanStatus, spanKind, statusCode } from "./span.ts";

type StatusCode = SpanStatus["code"];

const kinds: ReadonlySet<number> = new Set(Object.values(spanKind));
const codes: ReadonlySet<number> = new Set(Object.values(statusCode));

/** A kind that a later OTLP may have is as good as none. */
export function kindOf(value: number): SpanKind {
  return kinds.has(value) ? (value as SpanKind) : spanKind.unspecified;
}

/** A status code that OTLP does not have is as good as none. */
export function statusCodeOf(value: number): StatusCode {
  return codes.has(value) ? (value as StatusCode) : statusCode.unset;
}

/** By OTLP's names, which JSON of other makes has in place of numbers. */
export const kindNames: ReadonlyMap<string, SpanKind> = new Map(
  Object.entries(spanKind).map(([name, kind]) => [`SPAN_KIND_${name.toUpperCase()}`, kind]),
);

/** By OTLP's names. */
export const statusCodeNames: ReadonlyMap<string, StatusCode> = new Map(
  Object.entries(statusCode).map(([name, code]) => [`STATUS_CODE_${name.toUpperCase()}`, code]),
);
