import type { ProblemCode } from "../../trace/problem.ts";

const remedies: Readonly<Record<ProblemCode, string>> = {
  EmptyDatagram: "Something sent an empty packet: a port scan, or a health check over UDP. It can be left alone.",
  BadHeader: 'A packet starts with the line {"format": "json", "version": 1}. Check that the sender is an X-Ray SDK.',
  UnsupportedFormat: "Only the format json, version 1, is understood. Check the emitter's settings.",
  MissingBody: "The header line was not followed by a document: a newline belongs between the two.",
  InvalidOtlp:
    "This is no trace request of OpenTelemetry's. Check the exporter's protocol: http/protobuf, http/json or grpc.",
  InvalidJson: "The document is no JSON. If it ends in the middle it was cut: send documents above 64 KB over HTTP.",
  InvalidSegment: "The document is no segment: it must be an object with id, name, trace_id and start_time.",
  SegmentTooLarge: "Let the SDK stream subsegments earlier, or record less metadata.",
  TooDeep: "Subsegments are nested too deep: look for one that is opened in a loop and never closed.",
  InvalidTraceId: "A trace id reads 1-<8 hex>-<24 hex>. Take it from the X-Amzn-Trace-Id header or the SDK.",
  InvalidId: "An id is 16 hexadecimal digits. Let the SDK make it.",
  MissingId: "Give the segment an id of 16 hexadecimal digits.",
  InvalidName: "A name has at most 200 characters: letters, digits, spaces and _ . : / % & # = + \\ - @",
  MissingName: "Give the segment a name: that of its service.",
  MissingTraceId: "A segment, or a subsegment sent alone, needs its trace_id.",
  MissingParentId: "A subsegment sent alone needs the parent_id of what it belongs to.",
  MissingStartTime: "Give it a start_time in epoch seconds, as 1732435200.123.",
  MissingEndTime: 'Give it an end_time in epoch seconds, or "in_progress": true while it runs.',
  CameBack: "Fluoroscopes forward to each other in a ring. Take the --to or --upstream away that closes it.",
  QueueFull: "More came than could be written. Give the disk time, or raise --queue-bytes.",
  Shed: "More came than could be written, so some traces were left out whole. Give the disk time, or keep fewer (--keep-rest).",
  StoreFailed: "The store could not be written: see the log for the reason, usually a full disk.",
};

/** What a person can do about a refused document. */
export function remedyFor(code: string): string {
  return remedies[code as ProblemCode] ?? "See the message above.";
}
