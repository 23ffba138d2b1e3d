import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createSegmentBodyWriter } from "./segment-body.ts";

const writeBody = createSegmentBodyWriter();
/** As it is read, and given back at once, so that the next one finds what this one left behind. */
const write = (documents: readonly Uint8Array[]): Buffer => {
  const { bytes, release } = writeBody(documents);
  const copy = Buffer.from(bytes);
  release();
  return copy;
};
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

  it("is one list, however many documents it takes to fill it", () => {
    const documents = [0, 60_000, 0, ...Array.from({ length: 50 }, () => 4_096), 49_152, 1, 65_507].map(
      (bytes, index) => Buffer.from(`"${index}"\u0001é`.repeat(bytes).slice(0, bytes)),
    );
    expect(read(write(documents))).toEqual({ TraceSegmentDocuments: documents.map(String) });
  });

  it("of documents that are views into larger buffers holds the views alone", () => {
    const packet = Buffer.from('{"format":"json","version":1}\n{"id":"1"}');
    expect(read(write([packet.subarray(30), packet.subarray(0, 29)]))).toEqual({
      TraceSegmentDocuments: ['{"id":"1"}', '{"format":"json","version":1}'],
    });
  });

  it("stays as it is until it is given back, however many are written meanwhile", () => {
    const first = writeBody([Buffer.from("first")]);
    const second = writeBody([Buffer.from("second")]);
    expect([first, second].map(({ bytes }) => bytes.toString())).toEqual([
      '{"TraceSegmentDocuments":["first"]}',
      '{"TraceSegmentDocuments":["second"]}',
    ]);
    first.release();
    first.release();
    const third = writeBody([Buffer.from("third")]);
    expect(third.bytes.buffer).toBe(first.bytes.buffer);
    expect(writeBody([Buffer.from("fourth")]).bytes.buffer).not.toBe(third.bytes.buffer);
  });

  it("may be large, and then its memory is not kept", () => {
    const controls = Buffer.alloc(2_000_000, 1);
    const large = writeBody([controls, controls]);
    expect(read(large.bytes)).toEqual({ TraceSegmentDocuments: [controls.toString(), controls.toString()] });
    large.release();
    expect(writeBody([controls, controls]).bytes.buffer).not.toBe(large.bytes.buffer);
  });
});
