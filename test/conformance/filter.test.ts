import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { FilterSyntaxError } from "../../src/errors.ts";
import { matches } from "../../src/filter/evaluate.ts";
import { keywordsIn, type Scope } from "../../src/filter/keywords.ts";
import { parseFilter } from "../../src/filter/parser.ts";
import { apiFixtures } from "../fixtures/api-fixtures.ts";
import { fixtureDigests } from "../fixtures/digests.ts";

const digests = fixtureDigests();
const groups = new Map(Object.entries(apiFixtures.groups));

describe("filter expressions of the API study", () => {
  it.each(apiFixtures.filter_cases)("$expr finds the traces $match: $meaning", ({ expr, match }) => {
    const filter = parseFilter(expr, { groups });
    const found = digests.flatMap((digest, index) => (matches(filter, digest) ? [index + 1] : []));
    expect(found).toEqual(match);
  });

  it.each(apiFixtures.invalid_expressions)("$expr is refused: $why", ({ expr }) => {
    expect(() => parseFilter(expr, { groups })).toThrow(FilterSyntaxError);
  });
});

describe("the reference page", () => {
  const page = readFileSync(new URL("../../docs/reference/filter-expressions.md", import.meta.url), "utf8");
  const examples = [...page.matchAll(/```xray\n([\s\S]*?)```/g)].flatMap((block) => block[1]!.trim().split("\n"));
  const phrases = [...section("In short").matchAll(/`([^`]+)`/g)].map((match) => match[1]!);
  const errors = [...section("Errors").matchAll(/^\| `(.*)` \| (.*) \|$/gm)].map((row) => [row[1]!, row[2]!] as const);

  function section(title: string): string {
    return page.split(/^## /m).find((part) => part.startsWith(`${title}\n`))!;
  }

  it.each([...phrases, ...examples])("shows an expression that can be read: %s", (expression) => {
    expect(() => parseFilter(expression)).not.toThrow();
  });

  it.each(errors)("tells the message that %s gives", (expression, message) => {
    expect(() => parseFilter(expression)).toThrow(message.split(" …")[0]!);
  });

  it("has examples of all of them", () => {
    expect([examples.length, phrases.length, errors.length].every((count) => count > 6)).toBe(true);
  });

  it("names every keyword", () => {
    const scopes: Scope[] = [
      "trace",
      "service",
      "edge",
      "cause service",
      "cause entity",
      "timed entity",
      "cause exception",
    ];
    for (const { name } of scopes.flatMap((scope) => keywordsIn(scope, false))) {
      expect(page).toContain(name.startsWith("http.") ? `\`${name}` : name);
    }
  });
});
