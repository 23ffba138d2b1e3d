import fc from "fast-check";
import { PbfWriter } from "pbf";
import { describe, expect, it } from "vitest";
import { arbitraryDamage, arbitraryRequests } from "../../test/fixtures/arbitrary-otlp.ts";
import { encodeRequest } from "../../test/fixtures/otlp-protobuf.ts";
import { aBatch, aRequest, aSpan, attributesOf, hexOf } from "../../test/fixtures/otlp-requests.ts";
import { decodeJson } from "../otel/decode-json.ts";
import type { Decoded } from "../otel/decoded.ts";
import { decodeProtobuf } from "./decode-protobuf.ts";

const fromJson = (request: object): Decoded => decodeJson(Buffer.from(JSON.stringify(request)));

function requestOf(decoded: Decoded) {
  if (decoded.kind === "undecodable") throw new Error(decoded.reason);
  return decoded.request;
}

/** Field by field, as the wire has them: type 0 a varint, 2 bytes. */
function message(...fields: readonly (readonly [field: number, value: number | Uint8Array | string])[]): Uint8Array {
  const pbf = new PbfWriter();
  for (const [field, value] of fields) {
    if (typeof value === "number") pbf.writeVarintField(field, value);
    else pbf.writeBytesField(field, Buffer.from(value));
  }
  return pbf.finish();
}

describe("a request", () => {
  it("is read from protobuf as its spans, with their resource and scope", () => {
    const span = aSpan({
      parentSpanId: hexOf("parent", 8),
      attributes: attributesOf({
        "http.request.method": "GET",
        "server.port": 443,
        ok: true,
        share: 0.5,
        list: [1, "b"],
      }),
      events: [{ timeUnixNano: "1795504872898000001", name: "exception", attributes: attributesOf({ a: "b" }) }],
      links: [{ traceId: hexOf("other", 16), spanId: hexOf("there", 8) }],
      status: { code: 2, message: "broken" },
    });
    expect(requestOf(decodeProtobuf(encodeRequest(aRequest([span]))))).toEqual([
      {
        resource: { attributes: new Map([["service.name", "shop"]]) },
        scope: { name: "shop-tracer", version: "1.0.0" },
        spans: [
          {
            traceId: hexOf("trace", 16),
            spanId: hexOf("span", 8),
            parentSpanId: hexOf("parent", 8),
            flags: 257,
            name: "GET /orders/:id",
            kind: 2,
            startTimeUnixNano: "1795504872898000000",
            endTimeUnixNano: "1795504872923000000",
            attributes: new Map<string, unknown>([
              ["http.request.method", "GET"],
              ["server.port", 443],
              ["ok", true],
              ["share", 0.5],
              ["list", [1, "b"]],
            ]),
            events: [{ timeUnixNano: "1795504872898000001", name: "exception", attributes: new Map([["a", "b"]]) }],
            links: [{ traceId: hexOf("other", 16), spanId: hexOf("there", 8), attributes: new Map() }],
            status: { code: 2, message: "broken" },
          },
        ],
      },
    ]);
  });

  it("is the same from protobuf that others have written as from JSON, whatever is in it", () => {
    fc.assert(
      fc.property(arbitraryRequests, (request) => {
        expect(decodeProtobuf(encodeRequest(request))).toEqual(fromJson(request));
      }),
      { numRuns: 300 },
    );
  });

  it("may name its resource after the spans, and a scope in two pieces", () => {
    const attribute = message([1, "service.name"], [2, message([1, "shop"])]);
    const span = message([5, "a"]);
    const scopeSpans = message([1, message([1, "tracer"])], [2, span], [1, message([2, "2.0"])]);
    const request = message([1, message([2, scopeSpans], [1, message([1, attribute])])]);
    expect(requestOf(decodeProtobuf(request))).toMatchObject([
      {
        resource: { attributes: new Map([["service.name", "shop"]]) },
        scope: { name: "tracer", version: "2.0" },
        spans: [{ name: "a" }],
      },
    ]);
  });

  it("may be empty", () => {
    expect(requestOf(decodeProtobuf(new Uint8Array()))).toEqual([]);
  });

  it("is read around fields that nobody knows, and known ones of another type", () => {
    const group = Buffer.concat([Buffer.of(0xa3, 0x06), message([1, 7], [2, "x"]), Buffer.of(0xa4, 0x06)]);
    const span = Buffer.concat([message([99, 1], [5, 7], [98, "?"], [5, "a"], [6, "no kind"]), group, message([6, 3])]);
    expect(requestOf(decodeProtobuf(message([1, message([2, message([2, span])])])))).toMatchObject([
      { spans: [{ name: "a", kind: 3 }] },
    ]);
  });
});

describe("what is no request", () => {
  it("is one that ends anywhere before its end, inside a field", () => {
    const bytes = encodeRequest(aRequest([aSpan({ attributes: attributesOf({ a: "b", n: 2 ** 40, x: 0.1 }) })]));
    // Its one field begins at 0 and spans all: cut anywhere it is broken.
    for (let end = 1; end < bytes.length; end += 1) {
      expect(decodeProtobuf(bytes.subarray(0, end)), `the first ${end} bytes`).toMatchObject({ kind: "undecodable" });
    }
  });

  it("is one with a part that reaches beyond what it stands in", () => {
    const span = Buffer.from(message([5, "name"]));
    const tooLong = Buffer.from(span);
    tooLong[1] = 5;
    const inRequest = (bytes: Uint8Array): Uint8Array => message([1, message([2, message([2, bytes], [3, "schema"])])]);
    expect(decodeProtobuf(inRequest(span))).toMatchObject({ kind: "request" });
    expect(decodeProtobuf(inRequest(tooLong))).toMatchObject({ kind: "undecodable" });
  });

  it.each([
    ["a length without an end", Buffer.of(0x0a, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01)],
    ["a number of eleven bytes", Buffer.of(0x10, ...Array<number>(10).fill(0x80), 0x01)],
    ["a field with the number 0", Buffer.of(0x02, 0x00)],
    ["a type that there is not", Buffer.of(0x0f)],
    ["a group that ends without a beginning", Buffer.of(0x0c)],
    ["a group without an end", Buffer.of(0x1b, 0x10, 0x01)],
    ["groups in groups in groups", Buffer.alloc(10_000, 0x1b)],
    ["JSON", Buffer.from('{"resourceSpans":[]}')],
  ])("is %s", (_, bytes) => {
    expect(decodeProtobuf(bytes)).toMatchObject({ kind: "undecodable" });
  });

  it("is one whose values are nested without end", () => {
    const nested = (depth: number): Uint8Array => {
      let value = message([1, "deep"]);
      for (let level = 0; level < depth; level += 1) value = message([5, message([1, value])]);
      return message([1, message([2, message([2, message([9, message([1, "a"], [2, value])])])])]);
    };
    expect(decodeProtobuf(nested(32))).toMatchObject({ kind: "request" });
    expect(decodeProtobuf(nested(33))).toMatchObject({
      kind: "undecodable",
      reason: "values are nested deeper than 32 levels",
    });
    expect(decodeProtobuf(nested(20_000))).toMatchObject({ kind: "undecodable" });
  });

  it("is one of nothing but empty spans: they would take a hundred times the memory that they take on the wire", () => {
    const empty = Buffer.alloc(2 * 250_001);
    for (let at = 0; at < empty.length; at += 2) empty[at] = 0x12;
    expect(decodeProtobuf(message([1, message([2, empty])]))).toMatchObject({ kind: "undecodable" });
  });
});

it("a number is exact: as one where JavaScript has it, else as its digits", () => {
  fc.assert(
    fc.property(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }), (number) => {
      const attributes = [{ key: "n", value: { intValue: String(number) } }];
      const [group] = requestOf(decodeProtobuf(encodeRequest(aRequest([aSpan({ attributes })]))));
      const value = group!.spans[0]!.attributes.get("n");
      expect(typeof value).toBe(Number.isSafeInteger(Number(number)) ? "number" : "string");
      expect(String(value)).toBe(String(number));
    }),
  );
});

it("a time is exact to the nanosecond", () => {
  fc.assert(
    fc.property(fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }), (time) => {
      const span = aSpan({ startTimeUnixNano: String(time), endTimeUnixNano: String(time >> 33n) });
      const [group] = requestOf(decodeProtobuf(encodeRequest(aRequest([span]))));
      expect(group!.spans[0]!.startTimeUnixNano).toBe(String(time));
      expect(group!.spans[0]!.endTimeUnixNano).toBe(String(time >> 33n));
    }),
  );
});

describe("bytes in any shape", () => {
  it("are read or refused, and nothing is thrown", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        expect(decodeProtobuf(bytes).kind).toMatch(/^(request|undecodable)$/);
      }),
      { numRuns: 2_000 },
    );
  });

  it("are so as well when they were a request once", () => {
    const damaged = arbitraryRequests.map(encodeRequest).chain(arbitraryDamage);
    fc.assert(
      fc.property(damaged, (bytes) => {
        expect(decodeProtobuf(bytes).kind).toMatch(/^(request|undecodable)$/);
      }),
      { numRuns: 1_000 },
    );
  });
});

it("a batch as exporters send it is read whole", () => {
  const groups = requestOf(decodeProtobuf(encodeRequest(aBatch(64))));
  expect(groups.map(({ spans }) => spans.length)).toEqual([64]);
  expect(groups[0]!.spans.every(({ attributes }) => attributes.size === 14)).toBe(true);
});
