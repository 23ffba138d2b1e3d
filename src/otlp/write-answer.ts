import { PbfWriter } from "pbf";
import type { Encoding } from "./translate.ts";

/** gRPC's codes, of which OTLP over HTTP answers some too. */
export const grpcStatus = {
  invalidArgument: 3,
  notFound: 5,
  permissionDenied: 7,
  resourceExhausted: 8,
  unimplemented: 12,
  internal: 13,
  unavailable: 14,
  unauthenticated: 16,
} as const;

/** Spans that were rejected, and why; nothing rejected and no message is full success. */
export interface PartialSuccess {
  readonly rejectedSpans: number;
  readonly message: string;
}

/** A `google.rpc.Status`, with how long to wait before the next attempt. */
export interface Failure {
  readonly code: number;
  readonly message: string;
  readonly retrySeconds?: number | undefined;
}

/** An `ExportTraceServiceResponse`. */
export function writeResponse({ rejectedSpans, message }: PartialSuccess, encoding: Encoding): Uint8Array {
  const isFull = rejectedSpans === 0 && message === "";
  if (encoding === "json") {
    const partialSuccess = { rejectedSpans: String(rejectedSpans), errorMessage: message };
    return Buffer.from(JSON.stringify(isFull ? {} : { partialSuccess }));
  }
  const pbf = new PbfWriter();
  if (!isFull) pbf.writeMessage(1, writePartialSuccess, { rejectedSpans, message });
  return pbf.finish();
}

function writePartialSuccess({ rejectedSpans, message }: PartialSuccess, pbf: PbfWriter): void {
  if (rejectedSpans > 0) pbf.writeVarintField(1, rejectedSpans);
  if (message !== "") pbf.writeStringField(2, message);
}

/** A `google.rpc.Status`; in protobuf with `google.rpc.RetryInfo`, which clients of gRPC go by. */
export function writeFailure(failure: Failure, encoding: Encoding): Uint8Array {
  const { code, message, retrySeconds } = failure;
  if (encoding === "json") return Buffer.from(JSON.stringify({ code, message }));
  const pbf = new PbfWriter();
  pbf.writeVarintField(1, code);
  pbf.writeStringField(2, message);
  if (retrySeconds !== undefined) pbf.writeMessage(3, writeRetryDetail, retrySeconds);
  return pbf.finish();
}

/** A `google.protobuf.Any` that holds a `RetryInfo`. */
function writeRetryDetail(seconds: number, pbf: PbfWriter): void {
  pbf.writeStringField(1, "type.googleapis.com/google.rpc.RetryInfo");
  pbf.writeMessage(2, writeRetryInfo, seconds);
}

function writeRetryInfo(seconds: number, pbf: PbfWriter): void {
  pbf.writeMessage(1, writeDuration, seconds);
}

function writeDuration(seconds: number, pbf: PbfWriter): void {
  pbf.writeVarintField(1, seconds);
}
