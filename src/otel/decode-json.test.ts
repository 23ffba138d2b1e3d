import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { aRequest, aSpan, hexOf } from "../../test/fixtures/otlp-requests.ts";
import { decodeJson } from "./decode-json.ts";

const decoded = (request: unknown) => decodeJson(Buffer.from(JSON.stringify(request)));

function spanOf(members: Readonly<Record<string, unknown>>) {
  const read = decoded(aRequest([aSpan(members)]));
  if (read.kind === "undecodable") throw new Error(read.reason);
  return read.request[0]!.spans[0]!;
}

function reasonOf(members: Readonly<Record<string, unknown>>): string {
  const read = decoded(aRequest([aSpan(members)]));
  return read.kind === "undecodable" ? read.reason : "read";
}

const anyValue = (value: object): unknown => spanOf({ attributes: [{ key: "k", value }] }).attributes.get("k");

describe("OTLP's JSON", () => {
  it("has ids in hex, of either case", () => {
    expect(spanOf({ traceId: hexOf("trace", 16).toUpperCase() }).traceId).toBe(hexOf("trace", 16));
    expect(spanOf({ parentSpanId: "" }).parentSpanId).toBeUndefined();
  });

  it("has whole numbers of 64 bits as texts or as numbers", () => {
    expect(spanOf({ startTimeUnixNano: "1795504872898000001" }).startTimeUnixNano).toBe("1795504872898000001");
    expect(spanOf({ startTimeUnixNano: 1795504872000000000 }).startTimeUnixNano).toBe("1795504872000000000");
    expect(spanOf({ startTimeUnixNano: undefined }).startTimeUnixNano).toBe("0");
    expect([anyValue({ intValue: "-5" }), anyValue({ intValue: -5 })]).toEqual([-5, -5]);
    expect(anyValue({ intValue: "9223372036854775807" })).toBe("9223372036854775807");
  });

  it("has enumerations as numbers or names; what it does not have is as good as none", () => {
    expect(["SPAN_KIND_CLIENT", 3, "SPAN_KIND_NEW", 77, undefined].map((kind) => spanOf({ kind }).kind)).toEqual([
      3, 3, 0, 0, 0,
    ]);
    expect(["STATUS_CODE_ERROR", 2, 9].map((code) => spanOf({ status: { code } }).status?.code)).toEqual([2, 2, 0]);
  });

  it("has values of every type", () => {
    expect(anyValue({ stringValue: "" })).toBe("");
    expect(anyValue({ boolValue: false })).toBe(false);
    expect(anyValue({ doubleValue: 0.5 })).toBe(0.5);
    expect(anyValue({ doubleValue: "-Infinity" })).toBe(Number.NEGATIVE_INFINITY);
    expect(anyValue({ doubleValue: "NaN" })).toBeNaN();
    expect(anyValue({ bytesValue: "_-8" })).toBe("/+8=");
    expect(anyValue({ arrayValue: { values: [{ intValue: 1 }, {}, { arrayValue: {} }] } })).toEqual([1, null, []]);
    expect(anyValue({ kvlistValue: { values: [{ key: "a", value: { intValue: 1 } }, { key: "b" }] } })).toEqual({
      a: 1,
      b: null,
    });
    expect(anyValue({})).toBeNull();
  });

  it("may have a key that every object has already", () => {
    const values = [{ key: "__proto__", value: { stringValue: "x" } }];
    expect(Object.entries(anyValue({ kvlistValue: { values } }) as object)).toEqual([["__proto__", "x"]]);
  });

  it("is read around members that nobody knows, which those in snake case are", () => {
    expect(spanOf({ parent_span_id: hexOf("parent", 8), new_thing: { a: [1] }, unknown: null })).toMatchObject({
      parentSpanId: undefined,
      name: "GET /orders/:id",
    });
  });

  it("may leave out or set to null what it likes", () => {
    expect(decoded({})).toEqual({ kind: "request", request: [] });
    expect(decoded({ resourceSpans: null })).toEqual({ kind: "request", request: [] });
    expect(
      decoded({ resourceSpans: [null, { scopeSpans: [{ scope: null, spans: [{ name: null }] }] }] }),
    ).toMatchObject({
      request: [{ resource: { attributes: new Map() }, scope: { name: "" }, spans: [{ name: "", traceId: "" }] }],
    });
  });
});

describe("what is no request says why", () => {
  it.each([
    [{ name: 5 }, "name is not a text but 5"],
    [{ traceId: ["a"] }, "traceId is not a text but a list"],
    [{ startTimeUnixNano: "yesterday" }, 'startTimeUnixNano is not nanoseconds but "yesterday"'],
    [{ startTimeUnixNano: -1 }, "startTimeUnixNano is not nanoseconds but -1"],
    [{ startTimeUnixNano: "18446744073709551616" }, /^startTimeUnixNano is not nanoseconds/],
    [{ startTimeUnixNano: "9".repeat(100_000) }, /^startTimeUnixNano is not nanoseconds but "9{60}"$/],
    [{ kind: {} }, "kind is not a number or a name but an object"],
    [{ flags: 2 ** 32 }, "flags is not 32 bits but 4294967296"],
    [{ attributes: {} }, "attributes is not a list but an object"],
    [{ attributes: [{ key: "a", value: "b" }] }, 'value is not an object but "b"'],
    [{ attributes: [{ key: "a", value: { intValue: 1.5 } }] }, "intValue is not a whole number of 64 bits but 1.5"],
    [{ attributes: [{ key: "a", value: { boolValue: "yes" } }] }, 'boolValue is not true or false but "yes"'],
    [{ attributes: [{ key: "a", value: { doubleValue: "much" } }] }, 'doubleValue is not a number but "much"'],
    [{ events: ["exception"] }, 'events is not an object but "exception"'],
  ])("%j", (members, reason) => {
    expect(reasonOf(members)).toMatch(reason);
  });

  it.each(["", "null", "[]", '"spans"', "{", "\uFEFF{}", "[".repeat(100_000)])("%.20s", (text) => {
    expect(decodeJson(Buffer.from(text))).toMatchObject({ kind: "undecodable" });
  });

  it("values that are nested without end", () => {
    const nested = (depth: number): string =>
      `{"resourceSpans":[{"scopeSpans":[{"spans":[{"attributes":[{"key":"a","value":${'{"arrayValue":{"values":['.repeat(depth)}{}${"]}}".repeat(depth)}}]}]}]}]}`;
    expect(decodeJson(Buffer.from(nested(32)))).toMatchObject({ kind: "request" });
    expect(decodeJson(Buffer.from(nested(33)))).toMatchObject({ reason: "values are nested deeper than 32 levels" });
    expect(decodeJson(Buffer.from(nested(100_000)))).toMatchObject({ kind: "undecodable" });
  });
});

it("JSON of any shape is read or refused, and nothing is thrown", () => {
  const members = ["resourceSpans", "resource", "scopeSpans", "scope", "spans", "attributes", "key", "value", "status"];
  const more = ["arrayValue", "values", "kvlistValue", "events", "links", "name", "kind", "flags", "startTimeUnixNano"];
  const key = fc.constantFrom(...members, ...more);
  const json = fc.letrec<{ any: unknown }>((tie) => ({
    any: fc.oneof(
      { maxDepth: 8 },
      fc.jsonValue({ maxDepth: 1 }),
      fc.array(tie("any"), { maxLength: 3 }),
      fc.dictionary(key, tie("any"), { maxKeys: 4 }),
    ),
  })).any;
  fc.assert(
    fc.property(json, (value) => {
      expect(decoded({ resourceSpans: [{ scopeSpans: [{ spans: [value] }] }] }).kind).toMatch(
        /^(request|undecodable)$/,
      );
      expect(decoded(value).kind).toMatch(/^(request|undecodable)$/);
    }),
    { numRuns: 1_000 },
  );
});
