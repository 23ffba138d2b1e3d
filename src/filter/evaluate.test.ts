import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { arbitraryFilter } from "../../test/fixtures/arbitrary-filters.ts";
import { arbitraryDigest } from "../../test/fixtures/arbitrary-traces.ts";
import { aCall, aDigest, aDigestSegment } from "../../test/fixtures/digest-builders.ts";
import type { DigestSegment, TraceDigest } from "../trace/digest.ts";
import { compileFilter, matches } from "./evaluate.ts";
import { formatFilter } from "./format.ts";
import { parseFilter } from "./parser.ts";

function finds(expression: string, digest: TraceDigest): boolean {
  return matches(parseFilter(expression, { strict: false }), digest);
}

/** A trace of one entry segment with these members. */
function anEntry(members: Partial<DigestSegment>): TraceDigest {
  return aDigest({ segments: [aDigestSegment({ isRoot: true, ...members })] });
}

/** `shop` calls `stock`; the call, and what `stock` says of itself, differ. */
const traced = aDigest({
  nodes: [{ name: "shop", type: "AWS::EC2::Instance" }, { name: "stock" }],
  segments: [
    aDigestSegment({ isRoot: true, endSeconds: 3, http: { status: 200, url: "http://shop/" } }),
    aDigestSegment({
      node: 1,
      endSeconds: 1,
      fault: true,
      user: "bob",
      annotations: [
        ["a", 1],
        ["a", 2],
      ],
      http: { status: 500 },
    }),
  ],
  calls: [aCall({ endSeconds: 2, error: true, http: { status: 404, url: "http://stock/items" } })],
});

describe("matches", () => {
  it("asks the entry for flags, status and response time, and the trace for its duration", () => {
    const digest = aDigest({
      segments: [
        aDigestSegment({ isRoot: true, endSeconds: 1, http: { status: 200 } }),
        aDigestSegment({ endSeconds: 9, fault: true, http: { status: 500 } }),
      ],
    });
    expect(finds("ok !fault http.status = 200 responsetime = 1 duration = 9", digest)).toBe(true);
  });

  it("finds no flag, status or response time where nothing but orphans has arrived", () => {
    const orphans = aDigest({ segments: [], nodes: [], startSeconds: 1, endSeconds: 2 });
    const { entry: _, ...digest } = orphans;
    expect(finds("ok OR fault OR error OR http.status OR responsetime OR http.url OR inferred", digest)).toBe(false);
    expect(finds("duration = 1 AND root", digest)).toBe(true);
  });

  it("has no response time of an entry that still runs", () => {
    const digest = anEntry({ inProgress: true });
    expect(finds("responsetime >= 0 OR ok", digest)).toBe(false);
    expect(finds("!responsetime partial", digest)).toBe(true);
  });

  it("takes a throttle below the entry for one of the trace, but not of the segment or of its being ok", () => {
    const digest = anEntry({ throttle: true });
    expect(finds("throttle AND ok", digest)).toBe(true);
    expect(finds("service() { throttle }", digest)).toBe(false);
    expect(finds("service() { throttle }", anEntry({ throttle: true, throttled: true }))).toBe(true);
    expect(finds("ok", anEntry({ throttle: true, throttled: true }))).toBe(false);
  });

  it("compares times as they are told, to the millisecond", () => {
    const digest = anEntry({ startSeconds: 1_700_000_000.1, endSeconds: 1_700_000_000.4 });
    expect(finds("responsetime = 0.3 AND duration <= 0.3 AND duration >= 0.3", digest)).toBe(true);
    expect(finds("responsetime < 0.3 OR responsetime > 0.3", digest)).toBe(false);
    expect(finds("responsetime = 0.001", anEntry({ endSeconds: 0.0005 }))).toBe(true);
  });

  it("takes != for the exact negation of =, with missing and with many values", () => {
    expect(finds('user != "x"', anEntry({}))).toBe(true);
    expect(finds("http.status != 200", anEntry({}))).toBe(true);
    expect(finds("annotation.a != 1", anEntry({}))).toBe(true);
    expect(finds("annotation.a != 1", traced)).toBe(false);
    expect(finds("annotation.a != 1 OR !(annotation.a = 2)", traced)).toBe(false);
    expect(finds('annotation.a != "1"', traced)).toBe(true);
  });

  it("lets one of many values be enough", () => {
    expect(finds("annotation.a = 1 AND annotation.a = 2 AND annotation.a > 1 AND annotation.a < 2", traced)).toBe(true);
  });

  it("takes a boolean annotation alone by its value, any other by its presence", () => {
    const annotated = (value: string | number | boolean): TraceDigest => anEntry({ annotations: [["k", value]] });
    expect([true, false, "", "false", 0].map((value) => finds("annotation.k", annotated(value)))).toEqual([
      true,
      false,
      true,
      true,
      true,
    ]);
  });

  it("compares texts with their case, by their beginning, end or middle", () => {
    const digest = anEntry({ http: { url: "http://a/Items", method: "GET" } });
    expect(finds('http.url BEGINSWITH "http:" http.url ENDSWITH "Items" http.url CONTAINS "/a/"', digest)).toBe(true);
    expect(finds('http.url CONTAINS "items" OR http.method = "get"', digest)).toBe(false);
    expect(finds('http.url CONTAINS ""', digest)).toBe(true);
    expect(finds('http.useragent CONTAINS ""', digest)).toBe(false);
  });

  it("looks for users, zones, instances and ARNs in any segment", () => {
    const digest = aDigest({
      segments: [
        aDigestSegment({ isRoot: true }),
        aDigestSegment({ user: "bob", availabilityZone: "a", instanceId: "i-1", resourceArns: ["arn:x", "arn:y"] }),
      ],
    });
    expect(finds('user = bob availabilityzone = a instance.id = "i-1" resource.arn = "arn:y"', digest)).toBe(true);
  });

  it("wants one segment for which all of a service's block holds", () => {
    expect(finds('service("stock") { fault AND user = bob AND responsetime = 1 AND annotation.a = 2 }', traced)).toBe(
      true,
    );
    expect(finds("service() { fault AND root }", traced)).toBe(false);
    expect(finds('service("stock") { http.status = 200 }', traced)).toBe(false);
    expect(finds('service(id(type: "AWS::EC2::Instance")) { name = shop AND type BEGINSWITH "AWS" }', traced)).toBe(
      true,
    );
    expect(finds('service(id(type: "")) { !type AND name = stock }', traced)).toBe(true);
  });

  it("takes an edge's block from what the caller saw", () => {
    expect(finds('edge("shop", "stock") { error AND !fault AND responsetime = 2 AND http.status = 404 }', traced)).toBe(
      true,
    );
    expect(finds('edge("shop", "stock") { name = stock AND !inferred AND !root }', traced)).toBe(true);
    expect(finds('edge("stock", "shop")', traced)).toBe(false);
    expect(finds("edge(id(), id()) { error }", traced)).toBe(true);
  });

  it("takes the entry itself for the edge from the client", () => {
    const client = 'edge(id(name: "shop", type: "client"), id(name: "shop"))';
    expect(
      finds(`${client} { ok AND root AND responsetime = 3 AND http.url = "http://shop/" AND name = shop }`, traced),
    ).toBe(true);
    expect(finds('edge(id(type: "client"), "stock")', traced)).toBe(false);
    expect(finds('edge("shop", "shop") { root }', traced)).toBe(true);
    expect(finds('edge(id(name: "shop", account.id: "1"), "shop")', traced)).toBe(false);
  });

  it("counts first, last and index within one root cause", () => {
    const service = (name: string): TraceDigest["faultCauses"][number]["services"][number] => ({
      node: { name },
      inferred: false,
      entities: [
        { name, remote: false, coverage: 1, exceptions: [{ name: "E", message: `${name} failed` }] },
        { name: `${name} call`, remote: true, coverage: 0.5, exceptions: [] },
      ],
    });
    const cause = { clientImpacting: true, services: [service("a"), service("b")] };
    const digest = aDigest({ faultCauses: [cause], responseTimeCauses: [cause] });
    const inFault = (list: string, where: string): boolean => finds(`rootcause.fault.${list} { ${where} }`, digest);
    expect(inFault("service", "first AND name = a")).toBe(true);
    expect(inFault("service", "index = 1 AND last AND name = b")).toBe(true);
    expect(inFault("service", "first AND last")).toBe(false);
    expect(inFault("entity", 'index = 3 AND last AND remote AND name = "b call"')).toBe(true);
    expect(inFault("exception", 'index = 1 AND message = "b failed" AND name = E')).toBe(true);
    expect(finds("rootcause.responsetime.entity { coverage = 0.5 AND index = 1 }", digest)).toBe(true);
    expect(finds("rootcause.fault.service", digest)).toBe(true);
    expect(finds("rootcause.error.service", digest)).toBe(false);
  });

  it("compares root causes with patterns: members left out fit anything, lists agree in length and order", () => {
    const entities = [{ name: "a", remote: false, exceptions: [{ name: "E", message: "m" }] }];
    const service = { node: { name: "a", type: "T" }, inferred: true, entities };
    const digest = aDigest({ errorCauses: [{ clientImpacting: false, services: [service] }] });
    const found = (json: string): boolean => finds(`rootcause.json = #${json}`, digest);
    expect(found("[]")).toBe(true);
    expect(found("[{}]")).toBe(true);
    expect(found('[{"Services":[{"Name":"a"}]},{"ClientImpacting":false}]')).toBe(true);
    expect(found('[{"Services":[{"Names":["a"],"Type":"T","Inferred":true,"AccountId":null}]}]')).toBe(true);
    expect(found('[{"Services":[{"EntityPath":[{"Exceptions":[{"Message":"m"}]}]}]}]')).toBe(true);
    expect(found('[{"Services":[{"EntityPath":[{"Exceptions":[{"Message":"n"}]}]}]}]')).toBe(false);
    expect(found('[{"Services":[{"Name":"a"},{"Name":"b"}]}]')).toBe(false);
    expect(found('[{"Services":[]}]')).toBe(false);
    expect(found('[{"Services":[{"Name":"a"}]},{"ClientImpacting":true}]')).toBe(false);
  });

  it("finds downstream URLs with its own keywords, in segments and in calls", () => {
    expect(finds('any.http.url ENDSWITH "/items" AND any.http.status = 500', traced)).toBe(true);
    expect(finds('http.url ENDSWITH "/items"', traced)).toBe(false);
  });

  it("gives the same answers for a tree, its text, and the text of that", () => {
    fc.assert(
      fc.property(arbitraryFilter, fc.array(arbitraryDigest, { minLength: 1, maxLength: 3 }), (filter, digests) => {
        const text = formatFilter(filter);
        const read = parseFilter(text, { strict: false });
        expect(formatFilter(read)).toBe(text);
        expect(digests.map(compileFilter(read))).toEqual(digests.map(compileFilter(filter)));
      }),
      { numRuns: 500 },
    );
  });

  it("says of every trace that a filter matches it, or that its negation does", () => {
    fc.assert(
      fc.property(arbitraryFilter, arbitraryDigest, (filter, digest) => {
        expect(matches({ kind: "not", term: filter }, digest)).toBe(!matches(filter, digest));
      }),
      { numRuns: 200 },
    );
  });
});
