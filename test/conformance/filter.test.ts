import { describe, expect, it } from "vitest";
import { FilterSyntaxError } from "../../src/errors.ts";
import { matches } from "../../src/filter/evaluate.ts";
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
