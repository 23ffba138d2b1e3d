import fc from "fast-check";
import { expect, it } from "vitest";
import { formatTraceparent, parseTraceparent } from "./traceparent.ts";

const trace = "0af7651916cd43dd8448eb211c80319c";
const parent = "b7ad6b7169203331";
const hex = (digits: number) => fc.stringMatching(new RegExp(`^[0-9a-f]{${digits}}$`)).filter((id) => !/^0+$/.test(id));

it("what is written is read again", () => {
  const traceId = fc.tuple(hex(8), hex(24)).map(([time, random]) => `1-${time}-${random}`);
  fc.assert(
    fc.property(traceId, hex(16), fc.boolean(), (traceId, parentId, isSampled) => {
      const given = { traceId, parentId, isSampled };
      expect(parseTraceparent(formatTraceparent(given))).toEqual(given);
    }),
  );
});

it("no text makes it throw", () => {
  const nearly = fc.stringMatching(/^[0-9a-f]{2}-[0-9a-f]{31,33}-[0-9a-f]{15,17}-[0-9a-f]{1,3}.?$/);
  fc.assert(fc.property(fc.oneof(fc.string({ unit: "binary" }), nearly), (text) => void parseTraceparent(text)));
});

it("a version to come is read as far as it is known", () => {
  expect(parseTraceparent(`01-${trace}-${parent}-01-what-comes`)).toEqual(parseTraceparent(`00-${trace}-${parent}-01`));
  expect(parseTraceparent(`cc-${trace}-${parent}-01`)?.isSampled).toBe(true);
});

it("only the lowest flag means sampled", () => {
  expect(parseTraceparent(`00-${trace}-${parent}-02`)?.isSampled).toBe(false);
  expect(parseTraceparent(`00-${trace}-${parent}-03`)?.isSampled).toBe(true);
});

it.each([
  ["nothing", undefined],
  ["an empty text", ""],
  ["the forbidden version", `ff-${trace}-${parent}-01`],
  ["a tail that version 00 does not have", `00-${trace}-${parent}-01-x`],
  ["a tail without a dash", `01-${trace}-${parent}-01x`],
  ["a trace id of zeros", `00-${"0".repeat(32)}-${parent}-01`],
  ["a parent of zeros", `00-${trace}-${"0".repeat(16)}-01`],
  ["a trace id that is too short", `00-${trace.slice(1)}-${parent}-01`],
  ["flags that are not hex", `00-${trace}-${parent}-0x`],
])("%s is no traceparent", (_, text) => {
  expect(parseTraceparent(text)).toBeUndefined();
});
