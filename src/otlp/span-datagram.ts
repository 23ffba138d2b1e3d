import { type SpanDocuments, spansToDocuments } from "../otel/spans-to-documents.ts";
import type { Problem } from "../trace/problem.ts";
import { decodeProtobuf } from "./decode-protobuf.ts";

const letterT = 0x54;
const digitOne = 0x31;
/** As much as a segment document may have. */
const maxBytes = 1_048_576;
/** `T1S` is sampled, `T1U` only recorded, and early senders wrote neither letter. */
const form = /^T1[SU]?([\w+/-]*={0,2})\s*$/;

/**
 * Whether a document's place is taken by OpenTelemetry's spans: `T1S` and a trace request in base64, as AWS's distribution
 * of OpenTelemetry sends to X-Ray's UDP port. No document in JSON begins so.
 */
export function isSpanDatagram(bytes: Uint8Array): boolean {
  return bytes[0] === letterT && bytes[1] === digitOne;
}

/** The documents that such spans are, or why it cannot be read. Never throws. */
export function readSpanDatagram(bytes: Uint8Array): SpanDocuments | { readonly problem: Problem } {
  if (bytes.length > maxBytes) return refused(`they take more than ${maxBytes} bytes`);
  const base64 = form.exec(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString("latin1"))?.[1];
  // No request's base64 begins with one of the letters: its first byte is 0x0a, and that makes a "C".
  if (base64 === undefined) return refused("what follows T1S or T1U is not base64");
  const decoded = decodeProtobuf(Buffer.from(base64, "base64"));
  if (decoded.kind === "undecodable") return refused(decoded.reason);
  return spansToDocuments(decoded.request);
}

function refused(reason: string): { readonly problem: Problem } {
  return { problem: { code: "InvalidOtlp", path: "", message: `These are no spans in OTLP's protobuf: ${reason}` } };
}
