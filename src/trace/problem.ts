/**
 * Why a document (or a part of it) was refused. X-Ray's own codes where X-Ray has one, ours where it is silent.
 * Input that is wrong is a value, never an exception.
 */
export interface Problem {
  readonly code: ProblemCode;
  /** Where in the document, as `subsegments.0.http`; empty for the whole document. */
  readonly path: string;
  readonly message: string;
}

export type ProblemCode =
  // the packet
  | "EmptyDatagram"
  | "BadHeader"
  | "UnsupportedFormat"
  | "MissingBody"
  // OpenTelemetry's request, or a datagram of its spans
  | "InvalidOtlp"
  // the document
  | "InvalidJson"
  | "InvalidSegment"
  | "SegmentTooLarge"
  | "TooDeep"
  | "InvalidTraceId"
  | "InvalidId"
  | "MissingId"
  | "InvalidName"
  | "MissingName"
  | "MissingTraceId"
  | "MissingParentId"
  | "MissingStartTime"
  | "MissingEndTime"
  // a ring of fluoroscopes that forward to each other
  | "CameBack"
  // our own limits
  | "QueueFull"
  | "Shed"
  | "StoreFailed";
