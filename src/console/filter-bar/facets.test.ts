import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { arbitraryDigest } from "../../../test/fixtures/arbitrary-traces.ts";
import { OverviewBuilder } from "../../analysis/overview.ts";
import { compileFilter } from "../../filter/evaluate.ts";
import { parseFilter } from "../../filter/parser.ts";
import type { TraceDigest } from "../../trace/digest.ts";
import { choiceOf, chooseValue } from "./choose-value.ts";
import { joinClauses, splitClauses } from "./clauses.ts";
import { facetClause } from "./facet-clause.ts";

const wanted = { startSeconds: 1_699_999_980, endSeconds: 1_700_002_000, columns: 10, values: 50 };

/** Traces that were kept for others count for those, too. */
const standFor = (digests: readonly TraceDigest[]): number => digests.reduce((sum, { weight = 1 }) => sum + weight, 0);

it("the clause of each value finds as many traces as the facet counts", () => {
  fc.assert(
    fc.property(fc.array(arbitraryDigest, { minLength: 1, maxLength: 6 }), (digests) => {
      const builder = new OverviewBuilder(wanted);
      for (const digest of digests) builder.add(digest);
      const { facets } = builder.overview({ isPartial: false });
      for (const { values, ...facet } of facets) {
        for (const { traces, ...named } of values) {
          const clause = facetClause(facet, named);
          const holds = compileFilter(parseFilter(clause));
          expect([clause, standFor(digests.filter(holds))]).toEqual([clause, traces]);
          const fails = compileFilter(parseFilter(`!${clause}`));
          expect(standFor(digests.filter(fails))).toBe(standFor(digests) - traces);
        }
      }
    }),
  );
});

describe("clauses", () => {
  it.each([
    ["", []],
    ["fault", ["fault"]],
    ['fault AND service("a") { ok AND root }', ["fault", 'service("a") { ok AND root }']],
    ['user = "a AND b" and (ok OR error)', ['user = "a AND b"', "(ok OR error)"]],
    ["ok OR error AND fault", ["ok OR error AND fault"]],
    ["annotation[AND] = 1 AND root", ["annotation[AND] = 1", "root"]],
  ])("of %j are %j", (text, clauses) => {
    expect(splitClauses(text)).toEqual(clauses);
  });

  it("are joined so that none takes another apart", () => {
    expect(joinClauses(["ok OR error", "root"])).toBe("(ok OR error) AND root");
    expect(joinClauses(["(ok OR error)"])).toBe("ok OR error");
    expect(joinClauses(["(ok) OR (error)", "root"])).toBe("((ok) OR (error)) AND root");
    expect(joinClauses([])).toBe("");
  });
});

describe("choosing a value", () => {
  const status = { kind: "status" } as const;
  const service = { kind: "service" } as const;

  it("includes it, and takes it back", () => {
    const filter = chooseValue("fault", service, { value: "orders" }, "include");
    expect(filter).toBe('fault AND service("orders")');
    expect(choiceOf(filter, service, { value: "orders" })).toBe("included");
    expect(chooseValue(filter, service, { value: "orders" }, "include")).toBe("fault");
  });

  it("excludes it, also where it was included before", () => {
    const filter = chooseValue('service("orders")', service, { value: "orders" }, "exclude");
    expect(filter).toBe('!service("orders")');
    expect(choiceOf(filter, service, { value: "orders" })).toBe("excluded");
    expect(chooseValue(filter, service, { value: "orders" }, "exclude")).toBe("");
    expect(chooseValue(filter, service, { value: "orders" }, "include")).toBe('service("orders")');
  });

  it("makes alternatives of two values that no trace has both of", () => {
    const one = chooseValue("root", status, { value: 500 }, "include");
    const two = chooseValue(one, status, { value: 404 }, "include");
    expect(two).toBe("root AND (http.status = 500 OR http.status = 404)");
    expect(choiceOf(two, status, { value: 404 })).toBe("included");
    const three = chooseValue(two, status, { value: 429 }, "include");
    expect(three).toBe("root AND (http.status = 500 OR http.status = 404 OR http.status = 429)");
    expect(chooseValue(two, status, { value: 500 }, "include")).toBe("root AND http.status = 404");
    const operation = { kind: "operation" } as const;
    const cart = { value: "http://shop/cart", method: "GET" };
    const pay = { value: "http://shop/pay?", method: "POST", goesOn: true } as const;
    const either = chooseValue(chooseValue("", operation, cart, "include"), operation, pay, "include");
    expect(either).toBe(
      '(http.method = "GET" AND http.url = "http://shop/cart") OR (http.method = "POST" AND http.url BEGINSWITH "http://shop/pay?")',
    );
    expect(choiceOf(either, operation, pay)).toBe("included");
  });
});
