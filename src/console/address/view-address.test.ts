import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { edgeText, readSelector, selectorText, serviceText } from "./selector-text.ts";
import { endsOf, readSpan, type TimeSpan, writeLast } from "./time-span.ts";
import { emptyView, pageAddress, readView, type View, writeView } from "./view-address.ts";

const span: fc.Arbitrary<TimeSpan> = fc.oneof(
  fc.integer({ min: 1, max: 9_999 }).map((minutes): TimeSpan => ({ kind: "last", seconds: minutes * 60 })),
  fc
    .tuple(fc.integer({ min: 0, max: 2_000_000_000 }), fc.integer({ min: 1, max: 1_000_000 }))
    .map(([from, long]): TimeSpan => ({ kind: "between", startSeconds: from, endSeconds: from + long })),
);

const view: fc.Arbitrary<View> = fc.record(
  {
    filter: fc.string({ unit: "grapheme" }),
    span,
    select: fc.string(),
    colour: fc.constantFrom("health", "latency", "rate"),
    form: fc.constantFrom("map", "table"),
    tab: fc.constantFrom("waterfall", "map", "raw"),
    segment: fc.stringMatching(/^[0-9a-f]{16}$/),
    find: fc.string(),
    own: fc.dictionary(fc.constantFrom("a", "b", "sort"), fc.string({ minLength: 1 })),
  },
  { requiredKeys: ["filter", "span", "colour", "form", "tab", "find", "own"] },
);

describe("an address", () => {
  it("is read back as the view it was written from", () => {
    fc.assert(
      fc.property(view, (each) => {
        expect(readView(writeView(each))).toEqual(each);
      }),
    );
  });

  it("is empty for the view that everyone starts with", () => {
    expect(writeView(emptyView)).toBe("");
    expect(pageAddress("/map", emptyView)).toBe("/map");
  });

  it("keeps filter and time from page to page, and leaves the selection behind", () => {
    const from: View = {
      ...emptyView,
      filter: "fault",
      span: { kind: "last", seconds: 900 },
      select: 'service("a")',
      own: { a: "1" },
    };
    expect(pageAddress("/traces", from)).toBe("/traces?filter=fault&range=15m");
  });

  it("that makes no sense stands for the default", () => {
    expect(readView("range=soon&colour=mauve&form=cube&tab=x&from=2026-01-01&to=yesterday")).toEqual(emptyView);
  });
});

describe("a time span", () => {
  it("is written in its largest unit", () => {
    expect([300, 900, 3_600, 86_400, 604_800, 90].map(writeLast)).toEqual(["5m", "15m", "1h", "24h", "7d", "90s"]);
  });

  it("that ends before it starts is no span", () => {
    expect(readSpan(undefined, "2026-11-24T10:00:00Z", "2026-11-24T09:00:00Z")).toBeUndefined();
    expect(readSpan("0m", undefined, undefined)).toBeUndefined();
  });

  it("of the last minutes moves with the clock, one between two moments does not", () => {
    expect(endsOf({ kind: "last", seconds: 60 }, 1_000)).toEqual({ startSeconds: 940, endSeconds: 1_000 });
    expect(endsOf({ kind: "between", startSeconds: 1, endSeconds: 2 }, 1_000)).toEqual({
      startSeconds: 1,
      endSeconds: 2,
    });
  });
});

describe("a selection", () => {
  it("survives any name, quotes and backslashes included", () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), fc.option(fc.string(), { nil: undefined }), (name, other, type) => {
        const node = type === undefined ? { name } : { name, type };
        expect(readSelector(serviceText(node))).toEqual({ kind: "service", node: { name, type: type ?? "" } });
        const edge = edgeText(node, { name: other });
        expect(selectorText(readSelector(edge)!)).toBe(edge);
      }),
    );
  });

  it("that cannot be read selects nothing", () => {
    expect(readSelector("service(")).toBeUndefined();
  });
});
