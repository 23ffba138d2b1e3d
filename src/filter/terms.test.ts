import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { arbitraryChoices, arbitraryFilter } from "../../test/fixtures/arbitrary-filters.ts";
import { arbitraryDigest } from "../../test/fixtures/arbitrary-traces.ts";
import { aDigest, aDigestSegment } from "../../test/fixtures/digest-builders.ts";
import { matches } from "./evaluate.ts";
import { formatFilter } from "./format.ts";
import { parseFilter } from "./parser.ts";
import { term } from "./term-names.ts";
import { digestTerms, requiredTerms } from "./terms.ts";

const arbitraryDigests = fc.array(arbitraryDigest, { minLength: 1, maxLength: 4 });

describe("digestTerms", () => {
  it("names nodes, users, annotations with their types, the entry's request, times, and flags with their nodes", () => {
    const http = { status: 500, method: "GET", url: "http://shop/", clientIp: "10.0.0.1" };
    const digest = aDigest({
      nodes: [{ name: "shop" }, { name: "stock", type: "AWS::SNS", accountId: "1" }],
      isPartial: true,
      segments: [
        aDigestSegment({ fault: true, http, user: "alice", annotations: [["k", 31]] }),
        aDigestSegment({
          ...{ node: 1, endSeconds: 1.5, error: true, resourceArns: ["x"] },
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
        term("name", "shop"),
        term("name", "stock"),
        term("type", "AWS::SNS"),
        term("account", "1"),
        term("hasUser"),
        term("user", "alice"),
        term("numberAnnotation", "31", "k"),
        term("textAnnotation", "31", "k"),
        term("booleanAnnotation", "true", "k"),
        term("key", "k"),
        term("status", "500"),
        term("class", "5"),
        term("method", "GET"),
        term("url", "http://shop/"),
        term("client", "10.0.0.1"),
        term("responsetime", "10"),
        term("duration", "11"),
        term("fault"),
        term("throttle"),
        term("partial"),
        term("faultAt"),
        term("faultAt", "shop"),
        term("errorAt"),
        term("errorAt", "stock"),
        term("arn", "x"),
      ].sort(),
    );
  });

  it("calls a trace ok as the filter does", () => {
    expect(digestTerms(aDigest())).toContain(term("ok"));
    expect(digestTerms(aDigest({ segments: [aDigestSegment({ throttled: true, throttle: true })] }))).not.toContain(
      term("ok"),
    );
  });
});

describe("requiredTerms", () => {
  it.each<[string, readonly (readonly string[])[]]>([
    ['annotation.tenant = "acme"', [[term("textAnnotation", "acme", "tenant")]]],
    [
      "annotation.n = 31 AND annotation.b = true",
      [[term("numberAnnotation", "31", "n")], [term("booleanAnnotation", "true", "b")]],
    ],
    ['user = "alice" OR user = "bob"', [[term("user", "alice"), term("user", "bob")]]],
    ["http.status = 500 fault", [[term("status", "500")], [term("fault")]]],
    [
      "http.status >= 404",
      [
        [
          term("class", "4"),
          term("class", "5"),
          term("class", "6"),
          term("class", "7"),
          term("class", "8"),
          term("class", "9"),
        ],
      ],
    ],
    ["http.status < 200", [[term("class", "0"), term("class", "1"), term("class", "2")]]],
    [
      "http.method = GET http.clientip = x http.url = y",
      [[term("method", "GET")], [term("client", "x")], [term("url", "y")]],
    ],
    ["duration = 1", [[term("duration", "10")]]],
    ["responsetime >= 0 AND http.status > 0", []],
    [
      "duration <= 0.002 AND responsetime > 40000",
      [
        [term("duration", "0"), term("duration", "1"), term("duration", "2")],
        [term("responsetime", "26"), term("responsetime", "27")],
      ],
    ],
    [
      'service("shop") { annotation.a = 1 AND fault AND user = bob }',
      [[term("name", "shop")], [term("numberAnnotation", "1", "a")], [term("faultAt", "shop")], [term("user", "bob")]],
    ],
    [
      'service(id(type: "T", account.id: "1")) { error OR throttle }',
      [[term("type", "T")], [term("account", "1")], [term("errorAt"), term("throttle")]],
    ],
    [
      'edge(id(name: "a", type: "T"), id(type: "U")) { name = b }',
      [[term("name", "a")], [term("type", "T")], [term("type", "U")], [term("name", "b")]],
    ],
    ['edge(id(name: "a", type: "client"), id(type: "")) { fault }', [[term("name", "a")]]],
    ["rootcause.fault.service { name = a AND last }", [[term("faultCause")], [term("name", "a")]]],
    ["rootcause.responsetime.entity { name = a }", []],
    // Of each alternative the rarest: the annotation rather than the flag.
    [
      "(fault AND annotation.a = 1) OR (ok AND user = bob)",
      [[term("numberAnnotation", "1", "a"), term("user", "bob")]],
    ],
    ["fault OR responsetime", []],
    ["!fault", []],
    ["!!fault", [[term("fault")]]],
    ["!(!fault OR !error)", [[term("fault")], [term("error")]]],
    ["!(!fault AND !error)", [[term("fault"), term("error")]]],
    ['user != "alice"', []],
    ['user BEGINSWITH "a"', [[term("hasUser")]]],
    ["service() { http.status = 500 AND fault }", [[term("faultAt")]]],
    ["annotation.a OR annotation.b > 3", [[term("key", "a"), term("key", "b")]]],
    ["subsegment() { fault } metadata.a = 1 ok", [[term("ok")]]],
    ["", []],
  ])("reads them off %s", (expression, clauses) => {
    expect(requiredTerms(parseFilter(expression))).toEqual(clauses);
  });

  it("asks for no value that has to be equal but for its letters' case, and for one where != wants one", () => {
    const required = (text: string) => requiredTerms(parseFilter(text, { ignoreCase: true, missingDiffers: false }));
    expect(required('annotation.a = "x" AND user = "y" AND service() { name = "z" }')).toEqual([
      [term("key", "a")],
      [term("hasUser")],
    ]);
    expect(required("annotation.a != 1")).toEqual([[term("key", "a")]]);
  });

  it("asks nothing of a trace that a trace which matches lacks", () => {
    fc.assert(
      fc.property(arbitraryFilter, arbitraryChoices, arbitraryDigests, (filter, choices, digests) => {
        const chosen = parseFilter(formatFilter(filter), choices);
        const required = requiredTerms(chosen);
        for (const digest of digests) {
          if (!matches(chosen, digest)) continue;
          const terms = digestTerms(digest);
          for (const clause of required) expect(clause.some((term) => terms.has(term))).toBe(true);
        }
      }),
      { numRuns: 500 },
    );
  });
});
