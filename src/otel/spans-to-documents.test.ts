import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { arbitrarySpanRequest } from "../../test/fixtures/arbitrary-spans.ts";
import { parsed } from "../../test/fixtures/builders.ts";
import { aSpanRequest, type PlainGroup, type PlainSpan } from "../../test/fixtures/span-builders.ts";
import { assembleTrace } from "../trace/assemble-trace.ts";
import { causeExceptions } from "../trace/cause-exceptions.ts";
import { parseSegment } from "../trace/parse-segment.ts";
import type { Segment } from "../trace/segment.ts";
import { parentOf } from "./problem-of-span.ts";
import { spansToDocuments } from "./spans-to-documents.ts";

const idOf = (number: number): string => number.toString(16).padStart(16, "0");

const web = (...spans: PlainSpan[]): PlainGroup => ({ resource: { "service.name": "web" }, spans });
const api = (...spans: PlainSpan[]): PlainGroup => ({ resource: { "service.name": "api" }, spans });
const aServer = (members: PlainSpan): PlainSpan => ({ kind: "server", ...members });
const inside = (parent: string, members: PlainSpan): PlainSpan => ({ parent, isParentRemote: false, ...members });

const textsOf = (...groups: PlainGroup[]): readonly string[] =>
  spansToDocuments(aSpanRequest(groups)).documents.map(({ text }) => text);
const segmentsOf = (...groups: PlainGroup[]): readonly Segment[] => parsed(...textsOf(...groups));

/** Names as they are nested. */
function shape({ name, subsegments }: Segment): unknown {
  return subsegments.length === 0 ? name : [name, ...subsegments.map(shape)];
}

function flatten(segment: Segment): Segment[] {
  return [segment, ...segment.subsegments.flatMap(flatten)];
}

describe("which spans make a document", () => {
  it("those of one service that came together, whatever their order", () => {
    const spans = [
      inside(idOf(2), { id: idOf(3), name: "inner" }),
      inside(idOf(1), { id: idOf(2), name: "outer" }),
      aServer({ id: idOf(1) }),
    ];
    expect(segmentsOf(web(...spans)).map(shape)).toEqual([["web", ["outer", "inner"]]]);
    expect(segmentsOf(web(...spans.toReversed())).map(shape)).toEqual([["web", ["outer", "inner"]]]);
  });

  it("a segment for each service, though they came together", () => {
    const call = inside(idOf(1), { id: idOf(2), kind: "client", attributes: { "server.address": "api" } });
    const groups = [
      web(aServer({ id: idOf(1) }), call),
      api(aServer({ id: idOf(3), parent: idOf(2) }), inside(idOf(3), { id: idOf(4) })),
    ];
    expect(segmentsOf(...groups).map(shape)).toEqual([
      ["web", "api"],
      ["api", "work"],
    ]);
  });

  it("subsegments whose segment did not come along stand alone, with those below them", () => {
    const [alone, ...others] = segmentsOf(
      web(inside(idOf(9), { id: idOf(1), name: "a" }), inside(idOf(1), { id: idOf(2), name: "b" })),
    );
    expect(others).toEqual([]);
    expect(alone).toMatchObject({ isSubsegment: true, parentId: idOf(9) });
    expect(shape(alone!)).toEqual(["a", "b"]);
  });

  it("spans that come in several requests are one trace in the end", () => {
    const spans = [
      aServer({ id: idOf(1) }),
      inside(idOf(1), { id: idOf(2), name: "a" }),
      inside(idOf(2), { id: idOf(3), name: "b" }),
    ];
    const together = assembleTrace("t", segmentsOf(web(...spans)));
    for (const order of [spans, spans.toReversed()]) {
      const apart = assembleTrace(
        "t",
        order.flatMap((span) => segmentsOf(web(span))),
      );
      expect(apart.segments.map(shape)).toEqual(together.segments.map(shape));
      expect(apart.orphans).toEqual([]);
    }
  });

  it("without flags, a span is a segment when its parent came along from another service", () => {
    const call: PlainSpan = { id: idOf(2), kind: "client", parent: idOf(1), attributes: { "peer.service": "api" } };
    const groups = [web(aServer({ id: idOf(1) }), call), api({ id: idOf(3), parent: idOf(2), name: "handle" })];
    expect(segmentsOf(...groups).map(shape)).toEqual([["web", "api"], "api"]);
  });

  it("a consumer below its producer is a segment, and one below its own poll is not", () => {
    const send = inside(idOf(1), { id: idOf(2), kind: "producer", name: "send" });
    const process = { id: idOf(3), kind: "consumer", parent: idOf(2), name: "process" } as const;
    expect(segmentsOf(web(aServer({ id: idOf(1) }), send, process)).map(shape)).toEqual([["web", "send"], "web"]);
    const poll = { id: idOf(2), kind: "consumer", name: "poll" } as const;
    expect(segmentsOf(web(poll, process)).map(shape)).toEqual([["web", "process"]]);
  });

  it("spans that name each other as parents are all there", () => {
    const ring = [inside(idOf(2), { id: idOf(1), name: "a" }), inside(idOf(1), { id: idOf(2), name: "b" })];
    expect(segmentsOf(web(...ring)).map(shape)).toEqual([["a", "b"]]);
    expect(segmentsOf(web(inside(idOf(1), { id: idOf(1), name: "own parent" }))).map(shape)).toEqual(["own parent"]);
  });

  it("no document is larger than X-Ray takes: what does not fit stands alone", () => {
    const children = Array.from({ length: 90 }, (_, at) =>
      inside(idOf(1), { id: idOf(at + 2), attributes: { essay: "ü".repeat(1500) } }),
    );
    const { documents } = spansToDocuments(aSpanRequest([web(aServer({ id: idOf(1) }), ...children)]));
    expect(documents.length).toBeGreaterThan(60);
    expect(Math.max(...documents.map(({ text }) => new TextEncoder().encode(text).length))).toBeLessThan(64 * 1024);
    const trace = assembleTrace("t", parsed(...documents.map(({ text }) => text)));
    expect(trace.segments.map(({ subsegments }) => subsegments.length)).toEqual([90]);
  });

  it("a chain of thousands is cut where readers would lose their way", () => {
    const chain = Array.from({ length: 3000 }, (_, at) => inside(idOf(at + 1), { id: idOf(at + 2), name: "link" }));
    const { documents } = spansToDocuments(aSpanRequest([web(aServer({ id: idOf(1) }), ...chain)]));
    expect(documents.reduce((sum, { spans }) => sum + spans, 0)).toBe(3001);
    const [segment] = assembleTrace("t", parsed(...documents.map(({ text }) => text))).segments;
    expect(flatten(segment!)).toHaveLength(3001);
  });

  it("the same request gives the same documents", () => {
    const groups = [web({ id: idOf(1), kind: "client", status: { code: 2, message: "failed" } })];
    expect(textsOf(...groups)).toEqual(textsOf(...groups));
  });
});

describe("what hangs together in a document", () => {
  const boom = { name: "exception", attributes: { "exception.type": "TypeError", "exception.message": "boom" } };
  const failed = { code: 2 } as const;

  it("a segment that failed points at the first exception below it that nobody handled", () => {
    const handled = inside(idOf(1), {
      id: idOf(2),
      events: [{ ...boom, attributes: { "exception.type": "Handled" } }],
    });
    const thrown = inside(idOf(3), { id: idOf(4), events: [boom], status: failed });
    const layer = inside(idOf(1), { id: idOf(3), status: failed });
    const [segment] = segmentsOf(web(aServer({ id: idOf(1), status: failed }), handled, layer, thrown));
    expect(segment!.cause).toMatchObject({ reference: expect.stringMatching(/^[0-9a-f]{16}$/), exceptions: [] });
    expect(causeExceptions(segment!)).toMatchObject([{ type: "TypeError", message: "boom" }]);
  });

  it("what an error climbs through points at it, and what it did not does not", () => {
    const spans = [
      inside(idOf(1), { id: idOf(2), status: failed }),
      inside(idOf(2), { id: idOf(3), status: failed }),
      inside(idOf(3), { id: idOf(4), events: [boom], status: failed }),
      inside(idOf(2), { id: idOf(5) }),
    ];
    const [segment] = segmentsOf(web(aServer({ id: idOf(1), status: failed }), ...spans));
    const [, outer, inner, thrower, beside] = flatten(segment!);
    const reference = thrower!.cause!.exceptions[0]!.id;
    for (const place of [segment!, outer!, inner!]) expect(place.cause).toEqual({ reference, exceptions: [] });
    expect(beside!.cause).toBeUndefined();
  });

  it("a subsegment that is sent alone points at the error that climbed to it", () => {
    const alone = inside(idOf(1), { id: idOf(2), status: failed });
    const [sent] = segmentsOf(web(alone, inside(idOf(2), { id: idOf(3), events: [boom], status: failed })));
    expect(sent).toMatchObject({ isSubsegment: true });
    expect(causeExceptions(sent!)).toMatchObject([{ type: "TypeError" }]);
  });

  it("the segment around a call that failed for something below it points there", () => {
    const call = { id: idOf(1), kind: "client", status: failed } as const;
    const [segment] = segmentsOf(web(call, inside(idOf(1), { id: idOf(2), events: [boom], status: failed })));
    expect(causeExceptions(segment!)).toMatchObject([{ type: "TypeError" }]);
  });

  it("no document grows too large where many places point at an error", () => {
    const chains = Array.from({ length: 12 }, (_, chain) =>
      Array.from({ length: 80 }, (_, at) => {
        const id = 100 * (chain + 1) + at;
        const layer = inside(at === 0 ? idOf(1) : idOf(id - 1), { id: idOf(id), status: failed });
        return at === 79 ? inside(idOf(id - 1), { id: idOf(id), status: failed, events: [boom] }) : layer;
      }),
    );
    const { documents } = spansToDocuments(aSpanRequest([web(aServer({ id: idOf(1) }), ...chains.flat())]));
    expect(documents.length).toBeGreaterThan(1);
    expect(Math.max(...documents.map(({ text }) => text.length))).toBeLessThan(61_000);
  });

  it("a segment that did not fail points at nothing", () => {
    const [segment] = segmentsOf(
      web(aServer({ id: idOf(1) }), inside(idOf(1), { id: idOf(2), events: [boom], status: failed })),
    );
    expect(segment!.cause).toBeUndefined();
  });

  it("the segment around a call that failed points at its exception", () => {
    const [segment] = segmentsOf(web({ id: idOf(1), kind: "client", events: [boom], status: failed }));
    expect(segment).toMatchObject({ name: "web", fault: true, isSubsegment: false });
    expect(causeExceptions(segment!)).toMatchObject([{ type: "TypeError" }]);
  });

  it("the HTTP call that a call of AWS or of a database is made with is no call of its own", () => {
    const attributes = { "rpc.system": "aws-api", "rpc.service": "S3", "rpc.method": "GetObject" };
    const http = {
      "http.request.method": "GET",
      "url.full": "https://s3.example.com/",
      "server.address": "s3.example.com",
    };
    const [segment] = segmentsOf(
      web(
        aServer({ id: idOf(1) }),
        inside(idOf(1), { id: idOf(2), kind: "client", attributes }),
        inside(idOf(2), { id: idOf(3), kind: "client", attributes: http }),
      ),
    );
    const [call] = segment!.subsegments;
    expect([call!.namespace, call!.subsegments[0]!.namespace]).toEqual(["aws", undefined]);
    expect(call!.subsegments[0]!.http).toMatchObject({ method: "GET", url: "https://s3.example.com/" });
  });
});

describe("spans that are refused", () => {
  it.each([
    [{ traceId: "0".repeat(32) }, "InvalidTraceId"],
    [{ traceId: "abc" }, "InvalidTraceId"],
    [{ id: "" }, "InvalidId"],
    [{ id: "0000000000000000" }, "InvalidId"],
    [{ start: -1_700_000_000_000 }, "MissingStartTime"],
  ])("%o is %s, and the others are not", (members, code) => {
    const { documents, refused } = spansToDocuments(aSpanRequest([web({ ...members }, { id: idOf(7) })]));
    expect(refused).toMatchObject([{ problem: { code, message: expect.stringContaining(`ErrorCode: ${code}`) } }]);
    expect(documents).toHaveLength(1);
  });

  it("a parent's id that is none means that there is no parent", () => {
    expect(segmentsOf(web({ parent: "0000000000000000" }, { id: idOf(7), parent: "" }))).toMatchObject([
      { isSubsegment: false, parentId: undefined },
      { isSubsegment: false, parentId: undefined },
    ]);
  });
});

function parsedWhole(text: string): readonly Segment[] {
  const read = parseSegment(text);
  expect(read).toMatchObject({ kind: "segments", problems: [] });
  return read.kind === "segments" ? read.segments : [];
}

describe("any request", () => {
  it("gives documents that can be read, with every span once and under its parent", () => {
    fc.assert(
      fc.property(arbitrarySpanRequest, (request) => {
        const { documents, refused } = spansToDocuments(request);
        const spans = request.flatMap((group) => group.spans);
        expect(documents.reduce((sum, document) => sum + document.spans, refused.length)).toBe(spans.length);
        const known = new Set(spans.map(({ spanId }) => spanId));
        const found = documents.flatMap(({ text }) => {
          const [top, ...others] = parsedWhole(text).flatMap(flatten);
          // A segment around a call stands for no span: the call's parent is the segment's.
          const isAround = !known.has(top!.id);
          const parents = others.map(({ parentId }) => (parentId === top!.id && isAround ? top!.parentId : parentId));
          const below = others.map(({ id }, at) => `${id} under ${parents[at]}`);
          return isAround ? below : [`${top!.id} under ${top!.parentId}`, ...below];
        });
        const bad = new Set(refused.map(({ span }) => span));
        const good = spans.filter((span) => !bad.has(span)).map((span) => `${span.spanId} under ${parentOf(span)}`);
        expect(found.toSorted()).toEqual(good.toSorted());
      }),
      { numRuns: 500 },
    );
  });

  it("gives the same when it comes again", () => {
    fc.assert(
      fc.property(arbitrarySpanRequest, (request) => {
        expect(spansToDocuments(request)).toEqual(spansToDocuments(request));
      }),
    );
  });
});
