import fc from "fast-check";
import { expect, it } from "vitest";
import { formatTraceHeader, parseTraceHeader, type TraceHeader } from "./trace-header.ts";

const hex = (digits: number) => fc.stringMatching(new RegExp(`^[0-9a-f]{${digits}}$`));
const root = fc.tuple(hex(8), hex(24)).map(([time, random]) => `1-${time}-${random}`);
const sampled = fc.constantFrom("1" as const, "0" as const, "?" as const);
const pair = fc
  .stringMatching(/^[A-Za-z][A-Za-z0-9]{0,8}=[!-:<-~]{0,20}$/)
  .filter((text) => !/^(?:root|parent|sampled|self)=/i.test(text));

const header: fc.Arbitrary<TraceHeader> = fc
  .record({ root, parent: hex(16), sampled, extra: fc.array(pair, { maxLength: 5 }) }, { requiredKeys: ["extra"] })
  .map(({ root, parent, ...rest }) => ({ ...(root && { root }), ...(root && parent && { parent }), ...rest }));

it("what is written is read again", () => {
  fc.assert(
    fc.property(header, (given) => {
      expect(parseTraceHeader(formatTraceHeader(given))).toEqual(given);
    }),
  );
});

it("any text is read without an exception, and what came of it survives writing", () => {
  const word = fc.constantFrom(
    "Root=",
    "Parent=",
    "sampled",
    "=",
    ";",
    " ",
    "1",
    "?",
    "Self=",
    "\r\n",
    "1-5759e988-bd862e3fe1be46a994272793",
  );
  const text = fc.oneof(
    fc.string({ unit: "binary" }),
    fc.array(word).map((words) => words.join("")),
  );
  fc.assert(
    fc.property(text, (given) => {
      const read = parseTraceHeader(given);
      const written = formatTraceHeader(read);
      expect(written).toMatch(/^[\x20-\x7e]*$/);
      expect(parseTraceHeader(written)).toEqual(read);
    }),
  );
});

it("a header that is absent says nothing", () => {
  expect(parseTraceHeader(undefined)).toEqual({ extra: [] });
});

it("a parent without a usable root is dropped", () => {
  expect(parseTraceHeader("Root=x;Parent=53995c3f42cd8ad8;Sampled=1")).toEqual({ sampled: "1", extra: [] });
});

it("the last of two roots counts, as in every SDK", () => {
  const [first, last] = ["1-5759e988-bd862e3fe1be46a994272793", "1-5759e988-bd862e3fe1be46a994272794"];
  expect(parseTraceHeader(`Root=${first};Root=${last}`).root).toBe(last);
});

it("foreign pairs are kept up to a kilobyte in all", () => {
  const pairs = Array.from({ length: 100 }, (_, index) => `k${index}=${"v".repeat(90)}`);
  const { extra } = parseTraceHeader(pairs.join(";"));
  expect(extra.length).toBeGreaterThan(5);
  expect(extra.join("").length).toBeLessThanOrEqual(1_024);
});

it("a pair that could not stand in an HTTP header is not handed on", () => {
  expect(parseTraceHeader("a=1\r\nSet-Cookie: x=y;b=2;c=é").extra).toEqual(["b=2"]);
});

it("a header of megabytes is read as far as 8 KB", () => {
  expect(parseTraceHeader(`${";".repeat(3_000_000)}Sampled=1`)).toEqual({ extra: [] });
});
