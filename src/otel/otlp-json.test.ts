import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { writeOtlpJson } from "./otlp-json.ts";
import type { Attributes, AttributeValue, ResourceSpans, Span } from "./span.ts";
import { spanKind, statusCode } from "./span.ts";

const span: Span = {
  traceId: "6553f100000000000000000000000001",
  spanId: "00000000000000a1",
  name: "shop",
  kind: spanKind.server,
  startTimeUnixNano: "1700000000000000000",
  endTimeUnixNano: "1700000001000000000",
  attributes: new Map(),
  events: [],
  links: [],
};

const group = (name: string, ...spans: Span[]): ResourceSpans => ({
  resource: { attributes: new Map([["service.name", name]]) },
  scope: { name: "fluoroscope" },
  spans,
});

const strict = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
const read = (groups: readonly ResourceSpans[]) => JSON.parse(strict.decode(writeOtlpJson(groups)));
const countSpans = (one: { scopeSpans: { spans: unknown[] }[] }) => one.scopeSpans[0]!.spans.length;
const attributesOf = (attributes: Attributes) =>
  read([group("shop", { ...span, attributes })]).resourceSpans[0].scopeSpans[0].spans[0].attributes;

describe("spans as OTLP's JSON", () => {
  it("a span has hex ids, times as text and its kind as a number; what is empty is left out", () => {
    expect(read([group("shop", span)])).toEqual({
      resourceSpans: [
        {
          resource: { attributes: [{ key: "service.name", value: { stringValue: "shop" } }] },
          scopeSpans: [
            {
              scope: { name: "fluoroscope" },
              spans: [
                {
                  traceId: span.traceId,
                  spanId: span.spanId,
                  name: "shop",
                  kind: 2,
                  startTimeUnixNano: "1700000000000000000",
                  endTimeUnixNano: "1700000001000000000",
                },
              ],
            },
          ],
        },
      ],
    });
  });

  it("parent, flags, events, links and status are there when a span has them", () => {
    const full: Span = {
      ...span,
      parentSpanId: "00000000000000a0",
      flags: 0x301,
      events: [{ timeUnixNano: "1", name: "exception", attributes: new Map([["exception.type", "Timeout"]]) }],
      links: [{ traceId: span.traceId, spanId: span.spanId, attributes: new Map() }],
      status: { code: statusCode.error, message: 'too "slow"' },
    };
    expect(read([group("shop", full)]).resourceSpans[0].scopeSpans[0].spans[0]).toMatchObject({
      parentSpanId: "00000000000000a0",
      flags: 769,
      events: [{ timeUnixNano: "1", name: "exception", attributes: [{ key: "exception.type" }] }],
      links: [{ traceId: span.traceId, spanId: span.spanId, attributes: [] }],
      status: { code: 2, message: 'too "slow"' },
    });
  });

  it("groups of one resource become one, others stay apart", () => {
    const { resourceSpans } = read([group("shop", span), group("orders", span, span), group("shop", span)]);
    expect(resourceSpans.map(countSpans)).toEqual([2, 2]);
  });

  it("without groups there is an empty request", () => {
    expect(read([])).toEqual({ resourceSpans: [] });
  });

  it("values keep their types: whole numbers are int64 in text, others are doubles", () => {
    const values: [string, AttributeValue, unknown][] = [
      ["text", "é\n", { stringValue: "é\n" }],
      ["yes", true, { boolValue: true }],
      ["whole", -3, { intValue: "-3" }],
      ["part", 0.5, { doubleValue: 0.5 }],
      ["large", 1e300, { doubleValue: 1e300 }],
      ["endless", Number.POSITIVE_INFINITY, { doubleValue: "Infinity" }],
      ["nothing", null, {}],
      ["list", ["a", 1], { arrayValue: { values: [{ stringValue: "a" }, { intValue: "1" }] } }],
      ["map", { a: [] }, { kvlistValue: { values: [{ key: "a", value: { arrayValue: { values: [] } } }] } }],
    ];
    expect(attributesOf(new Map(values.map(([key, value]) => [key, value])))).toEqual(
      values.map(([key, , value]) => ({ key, value })),
    );
  });

  it("half a surrogate pair becomes U+FFFD, in keys too; whole pairs and backslashes stay", () => {
    expect(attributesOf(new Map([["\ud800k", "cut \ud83d, whole \u{1f600}, \\ud800"]]))).toEqual([
      { key: "\ufffdk", value: { stringValue: "cut \ufffd, whole \u{1f600}, \\ud800" } },
    ]);
  });

  it("any key and text comes out as it went in", () => {
    const text = fc.string({ unit: "binary" });
    fc.assert(
      fc.property(fc.uniqueArray(fc.tuple(text, text), { selector: ([key]) => key, minLength: 1 }), (entries) => {
        expect(attributesOf(new Map(entries))).toEqual(
          entries.map(([key, value]) => ({ key, value: { stringValue: value } })),
        );
      }),
    );
  });
});
