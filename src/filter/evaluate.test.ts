import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { arbitraryChoices, arbitraryFilter } from "../../test/fixtures/arbitrary-filters.ts";
import { arbitraryTrace } from "../../test/fixtures/arbitrary-traces.ts";
import { aDocument, aStreamedSubsegment, aWireSubsegment } from "../../test/fixtures/builders.ts";
import { aCall, aDigest, aDigestSegment } from "../../test/fixtures/digest-builders.ts";
import { traceOf } from "../../test/fixtures/digests.ts";
import type { DigestSegment, TraceDigest } from "../trace/digest.ts";
import { digestTrace } from "../trace/digest-trace.ts";
import { readsDocuments, withoutDocuments } from "./bounds.ts";
import { compileFilter, compileWhole, matches } from "./evaluate.ts";
import { formatFilter } from "./format.ts";
import { parseFilter } from "./parser.ts";

function finds(expression: string, digest: TraceDigest): boolean {
  return matches(parseFilter(expression), digest);
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

  it("compares texts without their case where that was chosen, and keys, nodes and numbers as ever", () => {
    const digest = anEntry({ user: "Alice", annotations: [["Tenant", "ACME"]], http: { url: "http://a/Items" } });
    const found = (text: string): boolean => matches(parseFilter(text, { ignoreCase: true }), digest);
    expect(found('user = "aLICE" AND annotation.Tenant BEGINSWITH "ac" AND http.url ENDSWITH "/ITEMS"')).toBe(true);
    expect(found('user != "alice" OR annotation.tenant OR service("SHOP")')).toBe(false);
    expect(found('service("shop") { name = "Shop" AND user CONTAINS "LIC" }')).toBe(true);
  });

  it("lets != hold only where there is a value, if that was chosen", () => {
    const found = (text: string): boolean => matches(parseFilter(text, { missingDiffers: false }), traced);
    expect(found('annotation.none != 1 OR http.useragent != "x" OR service("shop") { user != "x" }')).toBe(false);
    expect(found('user != "x" AND service("stock") { http.status != 200 }')).toBe(true);
    expect(found("annotation.a != 7")).toBe(true);
    expect(found("annotation.a != 1")).toBe(false);
    expect(found('annotation.a != "1"')).toBe(true);
    expect(found("!(annotation.none = 1)")).toBe(true);
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

  it("takes what took work up for the link to it", () => {
    const consumer = aDigest({
      nodes: [{ name: "worker" }, { name: "orders@kafka", type: "remote" }],
      segments: [aDigestSegment({ isRoot: true, fault: true })],
      links: [{ from: 1, to: 0 }],
    });
    expect(finds('edge("orders@kafka", "worker") { fault AND responsetime = 1 }', consumer)).toBe(true);
    expect(finds('edge("orders@kafka", "worker") { ok }', consumer)).toBe(false);
    expect(finds('edge("worker", "orders@kafka")', consumer)).toBe(false);
  });

  it("finds a client by the entry that it called", () => {
    expect(finds('service(id(name: "shop", type: "client"))', traced)).toBe(true);
    expect(finds('service(id(type: "client")) { ok AND root AND responsetime = 3 }', traced)).toBe(true);
    expect(finds('service(id(name: "shop", type: "client")) { fault }', traced)).toBe(false);
    expect(finds('service(id(name: "stock", type: "client"))', traced)).toBe(false);
    expect(finds('service(id(name: "shop", type: "client", account.id: "1"))', traced)).toBe(false);
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

  describe("with the documents", () => {
    const select = { namespace: "remote", sql: { sanitized_query: "SELECT 1" }, metadata: { default: { rows: 7 } } };
    const inner = aWireSubsegment({
      name: "## load",
      fault: true,
      annotations: { try: 2 },
      subsegments: [aWireSubsegment({ name: "shop@db", end_time: 1_700_000_000.5, ...select })],
    });
    const parent = "00000000000000aa";
    const whole = traceOf([
      aDocument({
        id: parent,
        metadata: { default: { order: { id: 31, tags: ["a", null, ["b"]] }, "x.y": true } },
        subsegments: [inner],
      }),
      aDocument({ parent_id: parent, name: "stock", metadata: { debug: "flat", none: null, empty: [], gone: false } }),
      aStreamedSubsegment({ parent_id: "00000000000000ff", name: "early", metadata: { default: { rows: 1 } } }),
    ]);
    const found = (text: string): boolean => compileWhole(parseFilter(text))(whole);

    it("finds metadata by its path: in segments, in subsegments, and in those that wait for their segment", () => {
      expect(found("metadata.default.order.id = 31 metadata.default.rows = 7 metadata.default.rows = 1")).toBe(true);
      expect(found('metadata[default]["order"][id] > 30 AND metadata.default[rows] < 2')).toBe(true);
      expect(found("metadata.default.rows = 31 OR metadata.default.id OR metadata.order.id")).toBe(false);
    });

    it("takes members with dots in their names, elements of lists, and what is only there", () => {
      expect(found("metadata.default.x.y AND metadata.default.x.y = true AND metadata.default[x.y]")).toBe(true);
      expect(found('metadata.default.order.tags = "a" AND metadata.debug BEGINSWITH "fl"')).toBe(true);
      expect(found("metadata.default AND metadata.default.order")).toBe(true);
      expect(found('metadata.default.order.tags = "b" OR metadata.default = true')).toBe(false);
      expect(found("metadata.none OR metadata.empty OR metadata.gone OR metadata.toString")).toBe(false);
      expect(found("metadata.gone = false AND metadata.default.order.id != 32 AND metadata.none != 1")).toBe(true);
      expect(found("metadata.default.rows != 7")).toBe(false);
    });

    it("looks for a service's metadata and subsegments in that service alone", () => {
      expect(found('service("shop") { metadata.default.rows = 7 AND subsegment("shop@db") }')).toBe(true);
      expect(found('service("stock") { metadata.default OR subsegment() }')).toBe(false);
      expect(found('service("stock") { metadata.debug } AND !service("stock") { metadata.default.rows }')).toBe(true);
    });

    it("wants one subsegment for which all of the block holds, at any depth", () => {
      expect(found('subsegment("## load") { fault AND !ok AND annotation.try = 2 AND duration = 0.5 }')).toBe(true);
      expect(found('subsegment() { namespace = remote AND sql.query CONTAINS "SELECT" AND ok }')).toBe(true);
      expect(
        found('subsegment("shop@db") { responsetime < 0.3 AND metadata.default.rows > 5 AND name = "shop@db" }'),
      ).toBe(true);
      expect(found('subsegment("early") AND subsegment() { !metadata.default }')).toBe(true);
      expect(found('subsegment("## load") { sql.query OR namespace OR metadata.default OR throttle OR partial }')).toBe(
        false,
      );
      expect(found('subsegment("shop") OR subsegment("nowhere") OR subsegment() { annotation.toString }')).toBe(false);
    });
  });

  it("gives the same answers for a tree, its text, and the text of that", () => {
    const traces = fc.array(arbitraryTrace, { minLength: 1, maxLength: 3 });
    fc.assert(
      fc.property(arbitraryFilter, arbitraryChoices, traces, (filter, choices, some) => {
        const text = formatFilter(filter);
        const read = parseFilter(text);
        expect(formatFilter(read)).toBe(text);
        expect(some.map(compileWhole(read))).toEqual(some.map(compileWhole(filter)));
        expect(formatFilter(parseFilter(text, choices))).toBe(text);
      }),
      { numRuns: 500 },
    );
  });

  it("says of every trace that a filter matches it, or that its negation does", () => {
    fc.assert(
      fc.property(arbitraryFilter, arbitraryTrace, (filter, trace) => {
        expect(compileWhole({ kind: "not", term: filter })(trace)).toBe(!compileWhole(filter)(trace));
      }),
      { numRuns: 200 },
    );
  });

  it("says of a digest all that can be said without the documents, and nothing that they might contradict", () => {
    fc.assert(
      fc.property(arbitraryFilter, arbitraryChoices, arbitraryTrace, (filter, choices, trace) => {
        const chosen = parseFilter(formatFilter(filter), choices);
        const holds = compileWhole(chosen)(trace);
        const digest = digestTrace(trace, 1);
        if (!readsDocuments(chosen)) expect(matches(chosen, digest)).toBe(holds);
        if (holds) expect(compileFilter(chosen)(digest)).toBe(true);
        else expect(compileFilter(withoutDocuments(chosen, "must"))(digest)).toBe(false);
      }),
      { numRuns: 500 },
    );
  });
});
