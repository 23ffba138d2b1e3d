import fc from "fast-check";
import { expect, it } from "vitest";
import { KnownTexts } from "./known-texts.ts";

it("a text is the one that stands there, whatever stood elsewhere before", () => {
  const known = new KnownTexts();
  // Few letters: many come twice, and many share a place with another.
  const texts = fc.array(fc.string({ unit: fc.constantFrom("a", "b", "ä", "🦑"), maxLength: 14 }), { maxLength: 200 });
  fc.assert(
    fc.property(texts, (all) => {
      for (const text of all) {
        const bytes = Buffer.from(`<${text}>`);
        expect(known.textAt(bytes, 1, bytes.length - 1, () => bytes.toString("utf8", 1, bytes.length - 1))).toBe(text);
      }
    }),
  );
});

it("a text that is known is not made again, and the bytes it was made of may change", () => {
  const known = new KnownTexts();
  const bytes = Buffer.from("http.request.method");
  expect(known.textAt(bytes, 0, bytes.length, () => "made")).toBe("made");
  const again = Buffer.from(bytes);
  bytes.fill(0);
  expect(known.textAt(again, 0, again.length, () => "made again")).toBe("made");
  expect(known.textAt(bytes, 0, bytes.length, () => "another")).toBe("another");
});
