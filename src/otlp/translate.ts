import { decodeJson } from "../otel/decode-json.ts";
import { writeOtlpJson } from "../otel/otlp-json.ts";
import { type RefusedSpan, spansToDocuments } from "../otel/spans-to-documents.ts";
import type { Problem } from "../trace/problem.ts";
import { decodeProtobuf } from "./decode-protobuf.ts";

/** How a request's body is written. */
export type Encoding = "protobuf" | "json";

/** A request as segment documents, or why it cannot be read. Plain data, so that it can cross from a thread. */
export type Translated =
  | { readonly kind: "undecodable"; readonly reason: string }
  | {
      readonly kind: "documents";
      readonly documents: readonly Uint8Array[];
      /** How many spans each document holds. */
      readonly spans: readonly number[];
      readonly refused: readonly RefusedBytes[];
    };

/** A span that no document can be made of, as people are shown it. */
interface RefusedBytes {
  readonly problem: Problem;
  readonly bytes: Uint8Array;
}

/** From a request's bytes to the documents that go through the door. Never throws for what the bytes say. */
export function translate(bytes: Uint8Array, encoding: Encoding): Translated {
  const decoded = encoding === "json" ? decodeJson(bytes) : decodeProtobuf(bytes);
  if (decoded.kind === "undecodable") return decoded;
  const { documents, refused } = spansToDocuments(decoded.request);
  return {
    kind: "documents",
    documents: inOneBuffer(documents.map(({ text }) => text)),
    spans: documents.map(({ spans }) => spans),
    refused: refused.map(({ problem, span }) => ({ problem, bytes: shown(span) })),
  };
}

/** A thread can then hand them over as they are. */
function inOneBuffer(texts: readonly string[]): Uint8Array[] {
  const sizes = texts.map((text) => Buffer.byteLength(text));
  const buffer = Buffer.from(new ArrayBuffer(sizes.reduce((sum, size) => sum + size, 0)));
  let at = 0;
  return texts.map((text, index) => {
    const from = at;
    at += sizes[index]!;
    buffer.write(text, from);
    return buffer.subarray(from, at);
  });
}

const nobody = { resource: { attributes: new Map() }, scope: { name: "" } };

function shown(span: RefusedSpan["span"]): Uint8Array {
  return writeOtlpJson([{ ...nobody, spans: [span] }]);
}
