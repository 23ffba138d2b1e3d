import fc from "fast-check";
import { FilterSyntaxError } from "../../../src/errors.ts";
import { complete } from "../../../src/filter/complete.ts";
import { compileFilter } from "../../../src/filter/evaluate.ts";
import { formatFilter } from "../../../src/filter/format.ts";
import { parseFilter, parseSelection, parseSelector } from "../../../src/filter/parser.ts";
import { requiredTerms } from "../../../src/filter/terms.ts";
import type { Filter } from "../../../src/filter/tree.ts";
import { assembleTrace } from "../../../src/trace/assemble-trace.ts";
import { digestTrace } from "../../../src/trace/digest-trace.ts";
import { apiFixtures, fixtureDocuments, fixtureTraceId } from "../../fixtures/api-fixtures.ts";
import { arbitraryFilter } from "../../fixtures/arbitrary-filters.ts";
import { parsed } from "../../fixtures/builders.ts";
import { type Door, seedsOf } from "../door.ts";

const digests = apiFixtures.traces.map(({ n }) =>
  digestTrace(assembleTrace(fixtureTraceId(n), parsed(...fixtureDocuments(n))), 1),
);

function orRefused<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (error instanceof FilterSyntaxError && error.at >= 0) return undefined;
    throw error;
  }
}

function tryOut(filter: Filter): void {
  const matches = compileFilter(filter);
  const found = digests.map(matches);
  requiredTerms(filter);
  // Another spelling of the same means the same.
  const again = compileFilter(parseFilter(formatFilter(filter)));
  if (digests.some((digest, at) => again(digest) !== found[at])) {
    throw new Error(`${formatFilter(filter)} means something else when it is read again.`);
  }
}

/** Filter expressions and selectors: read, evaluated, written, completed. */
export const filtersDoor: Door = {
  name: "filters",
  seeds: seedsOf(
    ...fc.sample(arbitraryFilter, { numRuns: 60, seed: 3 }).map(formatFilter),
    'service("web") { fault = true } AND !(duration >= 1.5 OR http.status BEGINSWITH 5)',
    'annotation[user.name] CONTAINS "a\\"b" AND edge("web", id(name: "db", type: "AWS::RDS")) { error }',
    'rootcause.fault.entity { name = "x" } OR responsetime < .5 partial = false',
    'metadata.default.a.b = 1 AND subsegment("x") { duration > 0 } service() id(account.id: "1")',
    'json({"Services":[{"Name":"web"}]}) ok throttle user = "*" http.url ENDSWITH "/a"',
    'group.name = "x" AND group.arn = "y" AND inferred AND coldstart = true',
  ),
  words: [
    ...[
      "(",
      ")",
      "((((((((",
      "{",
      "}",
      "[",
      "]",
      '"',
      "\\",
      "!",
      "!=",
      "<=",
      "AND ",
      "OR ",
      "CONTAINS ",
      "service(",
      "edge(",
    ],
    ...[
      "id(name:",
      "annotation.",
      "annotation[",
      "json(",
      "metadata[",
      "rootcause.",
      "fault",
      "1e999",
      "-0",
      "__proto__",
      "\u0000",
    ],
    ...[
      "constructor",
      "*a*a*a*a*",
      "?",
      "\u{1f600}",
      "\ud800",
      "//",
      "/*",
      "group.name",
      "account.id:",
      "type:",
      ",",
      "toString",
    ],
  ],
  knock(bytes) {
    const text = new TextDecoder().decode(bytes);
    orRefused(() => parseSelector(text));
    orRefused(() => parseSelection(text));
    complete(text, text.length >> 1);
    const filter = orRefused(() => parseFilter(text));
    if (filter === undefined) return "refused";
    tryOut(filter);
    return "read";
  },
  answers: ["read", "refused"],
};
