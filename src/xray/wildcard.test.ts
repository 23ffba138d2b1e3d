import fc from "fast-check";
import { expect, it } from "vitest";
import { matchesWildcard } from "./wildcard.ts";

/** The rule said in another way, which takes too long for hostile patterns: each `*` as every run there is. */
function matchesSlowly(pattern: readonly string[], text: readonly string[]): boolean {
  const [first, ...rest] = pattern;
  if (first === undefined) return text.length === 0;
  if (first === "*") return matchesSlowly(rest, text) || (text.length > 0 && matchesSlowly(pattern, text.slice(1)));
  const [found, ...others] = text;
  if (found === undefined) return false;
  return (first === "?" || first.toLowerCase() === found.toLowerCase()) && matchesSlowly(rest, others);
}

it("it agrees with the rule read literally", () => {
  const letter = fc.constantFrom("a", "B", "b", "é", "É", "İ", "Σ", "ς", "😀", "\ud83d", "*", "?", "/");
  const word = fc.array(letter, { maxLength: 7 });
  fc.assert(
    fc.property(word, word, (pattern, text) => {
      const [patternText, textText] = [pattern.join(""), text.join("")];
      expect(matchesWildcard(patternText, textText)).toBe(matchesSlowly([...patternText], [...textText]));
    }),
    { numRuns: 5_000 },
  );
});

it("a text without wildcards fits itself in either case, and the pattern * fits all", () => {
  fc.assert(
    fc.property(fc.string({ unit: "grapheme" }), (text) => {
      expect(matchesWildcard("*", text)).toBe(true);
      expect(matchesWildcard("?".repeat([...text].length), text)).toBe(true);
      expect(matchesWildcard(text, text)).toBe(true);
    }),
  );
});

it("a pattern made to be slow is not", () => {
  const started = performance.now();
  expect(matchesWildcard(`${"*a".repeat(64)}b`, "a".repeat(50_000))).toBe(false);
  expect(performance.now() - started).toBeLessThan(1_000);
});
