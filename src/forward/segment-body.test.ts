import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createSegmentBodyWriter } from "./segment-body.ts";

const write = createSegmentBodyWriter();
const read = (body: Buffer): unknown =>
  JSON.parse(new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(body));
/** What anybody reads in bytes that may be no UTF-8. */
const textOf = (bytes: Uint8Array): string => new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes);

describe("the body of PutTraceSegments", () => {
  it("gives back each document's text, whatever its bytes are", () => {
    const nasty = fc.oneof(
      fc.uint8Array({ maxLength: 200 }),
      fc.string({ unit: "binary" }).map((text) => new TextEncoder().encode(text)),
      fc.json().map((text) => new TextEncoder().encode(text)),
      fc
        .constantFrom('\\"\b\t\n\f\r\u0000\u001f\u007f/', "\u2028\u2029", "\ufeff{}", "😀")
        .map((text) => Buffer.from(text)),
      // Truncated, overlong, a lone surrogate, beyond Unicode.
      fc.constantFrom("f09f98", "c0af", "eda080", "f4908080", "22ff5c").map((hex) => Buffer.from(hex, "hex")),
    );
    fc.assert(
      fc.property(fc.array(nasty, { maxLength: 60 }), (documents) => {
        expect(read(write(documents))).toEqual({ TraceSegmentDocuments: documents.map(textOf) });
      }),
      { numRuns: 500 },
    );
  });

  it("says the same as JSON.stringify, and escapes no more than it", () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: "binary" }), { minLength: 1, maxLength: 5 }), (TraceSegmentDocuments) => {
        const documents = TraceSegmentDocuments.map((text) => Buffer.from(text));
        expect(write(documents).toString()).toBe(JSON.stringify({ TraceSegmentDocuments }));
      }),
    );
  });

  it("of documents that are views into larger buffers holds the views alone", () => {
    const packet = Buffer.from('{"format":"json","version":1}\n{"id":"1"}');
    expect(read(write([packet.subarray(30), packet.subarray(0, 29)]))).toEqual({
      TraceSegmentDocuments: ['{"id":"1"}', '{"format":"json","version":1}'],
    });
  });

  it("stays as it is when the next one is written, however large that is", () => {
    const first = write([Buffer.from("first")]);
    const controls = Buffer.alloc(2_000_000, 1);
    const second = write([controls, controls]);
    write([Buffer.from("third")]);
    expect(first.toString()).toBe('{"TraceSegmentDocuments":["first"]}');
    expect(read(second)).toEqual({ TraceSegmentDocuments: [controls.toString(), controls.toString()] });
  });
});
