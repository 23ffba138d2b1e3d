import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { arbitraryFilter } from "../../test/fixtures/arbitrary-filters.ts";
import { arbitraryDigest } from "../../test/fixtures/arbitrary-traces.ts";
import { aDigest, aDigestSegment } from "../../test/fixtures/digest-builders.ts";
import { matches } from "./evaluate.ts";
import { parseFilter } from "./parser.ts";
import { digestTerms, requiredTerms } from "./terms.ts";

describe("digestTerms", () => {
  it("names nodes, users, annotations with their types, the entry's status and the flags of the trace", () => {
    const digest = aDigest({
      nodes: [{ name: "shop" }, { name: "stock" }],
      isPartial: true,
      segments: [
        aDigestSegment({ fault: true, http: { status: 500 }, user: "alice", annotations: [["k", 31]] }),
        aDigestSegment({
          error: true,
          throttle: true,
          http: { status: 429 },
          annotations: [
            ["k", "31"],
            ["k", true],
          ],
        }),
      ],
    });
    expect([...digestTerms(digest)].sort()).toEqual(
      [
        "n:shop",
        "n:stock",
        "u:alice",
        "a:k=n:31",
        "a:k=s:31",
        "a:k=b:true",
        "s:500",
        "fault",
        "throttle",
        "partial",
      ].sort(),
    );
  });

  it("calls a trace ok as the filter does", () => {
    expect(digestTerms(aDigest())).toContain("ok");
    expect(digestTerms(aDigest({ segments: [aDigestSegment({ throttled: true, throttle: true })] }))).not.toContain(
      "ok",
    );
  });
});

describe("requiredTerms", () => {
  it.each<[string, readonly (readonly string[])[]]>([
    ['annotation.tenant = "acme"', [["a:tenant=s:acme"]]],
    ["annotation.n = 31 AND annotation.b = true", [["a:n=n:31"], ["a:b=b:true"]]],
    ['user = "alice" OR user = "bob"', [["u:alice", "u:bob"]]],
    ["http.status = 500 fault", [["s:500"], ["fault"]]],
    ['service("shop") { annotation.a = 1 AND fault AND user = bob }', [["n:shop"], ["a:a=n:1"], ["u:bob"]]],
    ['edge(id(name: "a", type: "T"), id(type: "U")) { name = b }', [["n:a"], ["n:b"]]],
    // Of each alternative the rarest: the annotation rather than the flag.
    ["(fault AND annotation.a = 1) OR (ok AND user = bob)", [["a:a=n:1", "u:bob"]]],
    ["fault OR responsetime > 3", []],
    ["!fault", []],
    ["!!fault", [["fault"]]],
    ["!(!fault OR !error)", [["fault"], ["error"]]],
    ["!(!fault AND !error)", [["fault", "error"]]],
    ['user != "alice"', []],
    ['user BEGINSWITH "a"', []],
    ["service() { http.status = 500 AND fault }", []],
    ["annotation.a", []],
    ["", []],
  ])("reads them off %s", (expression, clauses) => {
    expect(requiredTerms(parseFilter(expression))).toEqual(clauses);
  });

  it("asks nothing of a trace that a trace which matches lacks", () => {
    fc.assert(
      fc.property(arbitraryFilter, fc.array(arbitraryDigest, { minLength: 1, maxLength: 4 }), (filter, digests) => {
        const required = requiredTerms(filter);
        for (const digest of digests) {
          if (!matches(filter, digest)) continue;
          const terms = digestTerms(digest);
          for (const clause of required) expect(clause.some((term) => terms.has(term))).toBe(true);
        }
      }),
      { numRuns: 500 },
    );
  });
});
