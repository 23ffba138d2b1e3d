import fc from "fast-check";
import { expect, it } from "vitest";
import { randomHex } from "./random.ts";
import { isSegmentId, newSegmentId } from "./segment-id.ts";
import { newTraceId, parseTraceId, toW3cTraceId, traceIdSeconds } from "./trace-id.ts";

const hex = (digits: number) => fc.stringMatching(new RegExp(`^[0-9a-f]{${digits}}$`));
const traceId = fc.tuple(hex(8), hex(24)).map(([time, random]) => `1-${time}-${random}`);

it("a trace id comes back from W3C's form", () => {
  fc.assert(
    fc.property(traceId, (id) => {
      expect(parseTraceId(toW3cTraceId(id))).toBe(id);
    }),
  );
});

it("a W3C id comes back from X-Ray's form", () => {
  fc.assert(
    fc.property(hex(32), (id) => {
      expect(toW3cTraceId(parseTraceId(id)!)).toBe(id);
    }),
  );
});

it("case and surrounding blanks do not make another trace of it", () => {
  fc.assert(
    fc.property(traceId, (id) => {
      expect(parseTraceId(` ${id.toUpperCase()}\t`)).toBe(id);
    }),
  );
});

it("what it accepts once it accepts unchanged", () => {
  fc.assert(
    fc.property(fc.oneof(fc.string({ unit: "binary" }), traceId, hex(32)), (text) => {
      const id = parseTraceId(text);
      if (id !== undefined) expect(parseTraceId(id)).toBe(id);
    }),
  );
});

it.each([
  "",
  "1-5759e988",
  "1-5759e988-bd862e3fe1be46a99427279",
  "2-5759e988-bd862e3fe1be46a994272793",
  "1-zz59e988-bd862e3fe1be46a994272793",
  "5759e988-bd862e3fe1be46a9942727934",
])("%j is no trace id", (text) => expect(parseTraceId(text)).toBeUndefined());

it("random bytes are an argument", () => {
  const random = (size: number) => new Uint8Array(size).fill(0xab);
  expect(newTraceId(1_465_510_280_000, random)).toBe("1-5759e988-abababababababababababab");
  expect(newSegmentId(random)).toBe("abababababababab");
  expect(randomHex(2, () => Uint8Array.of(0, 15))).toBe("000f");
});

it("a new id keeps its second, as far as eight digits go", () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 0xffffffff }), fc.integer({ min: 0, max: 999 }), (seconds, ms) => {
      expect(traceIdSeconds(newTraceId(seconds * 1000 + ms))).toBe(seconds);
    }),
  );
});

it("a segment id is 16 hex digits in either case and nothing else", () => {
  expect(isSegmentId("53995c3f42cd8ad8")).toBe(true);
  expect(isSegmentId("53995C3F42CD8AD8")).toBe(true);
  for (const text of ["", "53995c3f42cd8ad", "53995c3f42cd8ad80", "53995c3f42cd8adg", "53995c3f42cd8ad8\n"]) {
    expect(isSegmentId(text)).toBe(false);
  }
});
