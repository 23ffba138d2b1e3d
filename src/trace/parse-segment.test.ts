import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { aDocument, aStreamedSubsegment, aTraceId, aWireSubsegment, type Wire } from "../../test/fixtures/builders.ts";
import { type ParsedDocument, parseSegment } from "./parse-segment.ts";
import type { Segment } from "./segment.ts";

function theSegment(members: Wire): Segment {
  const parsed = parseSegment(aDocument(members));
  if (parsed.kind === "refused") throw new Error(parsed.problem.message);
  expect(parsed.problems).toEqual([]);
  return parsed.segments[0]!;
}

function theSubsegment(members: Wire): Segment {
  return theSegment({ subsegments: [aWireSubsegment(members)] }).subsegments[0]!;
}

function theRefusal(parsed: ParsedDocument): { code: string; path: string } {
  if (parsed.kind !== "refused") throw new Error("The document should be refused");
  return { code: parsed.problem.code, path: parsed.problem.path };
}

describe("a good document", () => {
  it("gives one segment with what was sent", () => {
    const segment = theSegment({
      id: "53995c3f42cd8ad8",
      name: "shop",
      start_time: 10.5,
      end_time: 12,
      user: "alice",
      origin: "AWS::EC2::Instance",
    });
    expect(segment).toMatchObject({
      id: "53995c3f42cd8ad8",
      traceId: aTraceId,
      name: "shop",
      startSeconds: 10.5,
      endSeconds: 12,
      inProgress: false,
      isSubsegment: false,
      user: "alice",
      origin: "AWS::EC2::Instance",
      fault: false,
    });
    expect(segment.parentId).toBeUndefined();
  });

  it("may be an array of subsegments, of which the good ones are kept", () => {
    const parent = "53995c3f42cd8ad8";
    const text = `[${aStreamedSubsegment({ parent_id: parent })},${aStreamedSubsegment({ parent_id: parent, name: "" })}]`;
    const parsed = parseSegment(text);
    expect(parsed).toMatchObject({ kind: "segments", segments: [{ isSubsegment: true, parentId: parent }] });
    expect(parsed).toMatchObject({ problems: [{ problem: { code: "MissingName", path: "1.name" } }] });
  });

  it("may carry members that no schema knows", () => {
    expect(theSegment({ Dummy: false, custom: { a: [1] } }).name).toBe("shop");
  });

  it("may repeat type, trace_id and parent_id on embedded subsegments, as Python does", () => {
    const segment = theSegment({
      id: "53995c3f42cd8ad8",
      subsegments: [aWireSubsegment({ type: "subsegment", trace_id: "nonsense", parent_id: "0000000000000009" })],
    });
    expect(segment.isSubsegment).toBe(false);
    expect(segment.subsegments[0]).toMatchObject({
      isSubsegment: true,
      traceId: aTraceId,
      parentId: "53995c3f42cd8ad8",
    });
  });

  it("starting with a byte order mark is read", () => {
    expect(parseSegment(`\uFEFF${aDocument()}`).kind).toBe("segments");
  });

  it("gives every segment the same members in the same order", () => {
    const bare = Object.keys(theSegment({}));
    const rich = Object.keys(
      theSegment({ user: "a", http: { response: { status: 500 } }, subsegments: [aWireSubsegment()] }),
    );
    expect(rich).toEqual(bare);
  });
});

describe("ids", () => {
  it("in upper case are the same as in lower case", () => {
    const segment = theSegment({
      id: "53995C3F42CD8AD8",
      trace_id: "1-5759E988-BD862E3FE1BE46A994272793",
      parent_id: "ABCDEFABCDEFABCD",
    });
    expect(segment).toMatchObject({
      id: "53995c3f42cd8ad8",
      traceId: "1-5759e988-bd862e3fe1be46a994272793",
      parentId: "abcdefabcdefabcd",
    });
  });

  it("of a trace may be in W3C's form", () => {
    expect(theSegment({ trace_id: "4efaaf4d1e8720b39541901950019ee5" }).traceId).toBe(
      "1-4efaaf4d-1e8720b39541901950019ee5",
    );
  });

  it.each([undefined, null, "", "zz", 7])("a segment whose parent_id is %j has no parent", (parentId) => {
    expect(theSegment({ parent_id: parentId }).parentId).toBeUndefined();
  });
});

describe("time", () => {
  it("in_progress: false beside an end_time means finished", () => {
    expect(theSegment({ in_progress: false, end_time: 1_700_000_001 })).toMatchObject({
      inProgress: false,
      endSeconds: 1_700_000_001,
    });
  });

  it("in_progress: true without an end_time means running", () => {
    const segment = theSegment({ in_progress: true });
    expect(segment.inProgress).toBe(true);
    expect(segment.endSeconds).toBeUndefined();
  });

  it("an end before the start takes no time", () => {
    expect(theSegment({ start_time: 100, end_time: 99 }).endSeconds).toBe(100);
  });

  it.each([
    ["1e999", "InvalidSegment"],
    ["-1", "InvalidSegment"],
    ["1700000000000", "InvalidSegment"],
    ["NaN", "MissingStartTime"],
    ['"1700000000"', "MissingStartTime"],
    ["null", "MissingStartTime"],
  ])("a start_time of %s is refused as %s", (value, code) => {
    const text = aDocument({ start_time: 12345678 }).replace("12345678", value);
    expect(theRefusal(parseSegment(text))).toEqual({ code, path: "start_time" });
  });
});

describe("flags", () => {
  it.each([
    [200, { fault: false, error: false, throttle: false }],
    [302, { fault: false, error: false, throttle: false }],
    [404, { fault: false, error: true, throttle: false }],
    [429, { fault: false, error: true, throttle: true }],
    [503, { fault: true, error: false, throttle: false }],
  ])("follow from the status %i", (status, flags) => {
    expect(theSegment({ http: { response: { status } } })).toMatchObject(flags);
  });

  it("as sent stand beside what the status says", () => {
    expect(theSubsegment({ throttle: true, fault: true, http: { response: { status: 400 } } })).toMatchObject({
      fault: true,
      error: true,
      throttle: true,
    });
  });
});

describe("annotations and metadata", () => {
  it("keep annotations that are texts, numbers and booleans, and no others", () => {
    const segment = theSegment({ annotations: { a: "x", b: 1, c: false, d: null, e: { f: 1 }, g: [1] } });
    expect(segment.annotations).toEqual({ a: "x", b: 1, c: false });
  });

  it("cannot reach the prototype of anything", () => {
    const text = aDocument({ annotations: "HERE", metadata: "HERE" }).replaceAll(
      '"HERE"',
      '{"__proto__":{"polluted":true},"constructor":"x"}',
    );
    const parsed = parseSegment(text);
    expect(parsed.kind).toBe("segments");
    expect(({} as Wire).polluted).toBeUndefined();
    if (parsed.kind === "segments") expect(Object.keys(parsed.segments[0]!.annotations!)).toEqual(["constructor"]);
  });

  it("keep metadata as it came", () => {
    expect(theSegment({ metadata: { default: { list: [1, null, "x"] } } }).metadata).toEqual({
      default: { list: [1, null, "x"] },
    });
  });
});

describe("a wrong part", () => {
  it("costs only itself: its siblings stay, its children move up", () => {
    const parsed = parseSegment(
      aDocument({
        id: "53995c3f42cd8ad8",
        subsegments: [
          aWireSubsegment({ name: "first" }),
          aWireSubsegment({ id: "short", subsegments: [aWireSubsegment({ name: "grandchild" })] }),
          "not an object",
          aWireSubsegment({ name: "last", subsegments: [aWireSubsegment({ start_time: null })] }),
        ],
      }),
    );
    if (parsed.kind === "refused") throw new Error(parsed.problem.message);
    expect(parsed.segments[0]!.subsegments.map((each) => each.name)).toEqual(["first", "grandchild", "last"]);
    expect(parsed.segments[0]!.subsegments[1]!.parentId).toBe("53995c3f42cd8ad8");
    expect(parsed.problems.map(({ problem, segmentId }) => [problem.code, problem.path, segmentId])).toEqual([
      ["InvalidId", "subsegments.1.id", "53995c3f42cd8ad8"],
      ["InvalidSegment", "subsegments.2", "53995c3f42cd8ad8"],
      ["MissingStartTime", "subsegments.3.subsegments.0.start_time", "53995c3f42cd8ad8"],
    ]);
  });

  it("is told in X-Ray's words, with the reason and the place", () => {
    const parsed = parseSegment(aDocument({ subsegments: [aWireSubsegment({ id: undefined })] }));
    if (parsed.kind === "refused") throw new Error(parsed.problem.message);
    expect(parsed.problems[0]!.problem.message).toBe(
      "Invalid subsegment. ErrorCode: MissingId, Cause: there is no id (at subsegments.0.id)",
    );
  });

  it("is told twenty times at most", () => {
    const parsed = parseSegment(aDocument({ subsegments: Array.from({ length: 1000 }, () => ({})) }));
    expect(parsed).toMatchObject({ kind: "segments", problems: { length: 20 } });
  });
});

describe("a document is refused", () => {
  it.each([
    ["that is no JSON", "{", "InvalidJson", ""],
    ["that is empty", "", "InvalidJson", ""],
    ["that is a number", "7", "InvalidSegment", ""],
    ["that is null", "null", "InvalidSegment", ""],
    ["that is an empty list", "[]", "InvalidSegment", ""],
    ["that is a list in a list", "[[]]", "InvalidSegment", "0"],
    ["without a trace_id", aDocument({ trace_id: undefined }), "MissingTraceId", "trace_id"],
    ["with a malformed trace_id", aDocument({ trace_id: "1-short" }), "InvalidTraceId", "trace_id"],
    ["with a trace_id that is a number", aDocument({ trace_id: 1 }), "InvalidTraceId", "trace_id"],
    ["without an id", aDocument({ id: undefined }), "MissingId", "id"],
    ["with a malformed id", aDocument({ id: "53995c3f42cd8adg" }), "InvalidId", "id"],
    ["without a name", aDocument({ name: undefined }), "MissingName", "name"],
    ["with an empty name", aDocument({ name: "" }), "MissingName", "name"],
    ["with a name that is no text", aDocument({ name: {} }), "InvalidName", "name"],
    ["without a start_time", aDocument({ start_time: undefined, end_time: 2 }), "MissingStartTime", "start_time"],
    ["without an end", aDocument({ end_time: undefined }), "MissingEndTime", "end_time"],
    ["that is a subsegment without a parent", aDocument({ type: "subsegment" }), "MissingParentId", "parent_id"],
    [
      "that is a subsegment with a bad parent",
      aDocument({ type: "subsegment", parent_id: "x" }),
      "InvalidId",
      "parent_id",
    ],
  ])("%s", (_, text, code, path) => {
    expect(theRefusal(parseSegment(text))).toEqual({ code, path });
  });

  it("with its id, so that the sender can tell which one", () => {
    expect(parseSegment(aDocument({ id: "53995c3f42cd8ad8", name: "" }))).toMatchObject({
      segmentId: "53995c3f42cd8ad8",
    });
  });

  it("when it has more bytes than allowed, counted in UTF-8", () => {
    const text = aDocument({ name: "é漢😀" });
    const bytes = new TextEncoder().encode(text).length;
    expect(parseSegment(text, { maxBytes: bytes }).kind).toBe("segments");
    expect(theRefusal(parseSegment(text, { maxBytes: bytes - 1 })).code).toBe("SegmentTooLarge");
  });
});

describe("depth", () => {
  function nested(levels: number): Wire {
    let inner = aWireSubsegment({ name: "innermost" });
    for (let i = 1; i < levels; i++) inner = aWireSubsegment({ subsegments: [inner] });
    return inner;
  }

  it("of 500 levels is kept whole, the 501st is left out and told", () => {
    expect(parseSegment(aDocument({ subsegments: [nested(500)] }))).toMatchObject({ kind: "segments", problems: [] });
    expect(parseSegment(aDocument({ subsegments: [nested(501)] }))).toMatchObject({
      kind: "segments",
      problems: [{ problem: { code: "TooDeep" } }],
    });
  });

  it("of a hundred thousand brackets in metadata costs the metadata only", () => {
    const deep = "[".repeat(100_000) + "]".repeat(100_000);
    const parsed = parseSegment(aDocument({ metadata: "HERE" }).replace('"HERE"', deep));
    expect(parsed).toMatchObject({ kind: "segments", problems: [{ problem: { code: "TooDeep", path: "metadata" } }] });
    expect(() => JSON.stringify(parsed)).not.toThrow();
  });
});

describe("whatever arrives", () => {
  it("is either read or refused, never an exception", () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json()), (text) =>
        ["segments", "refused"].includes(parseSegment(text).kind),
      ),
    );
  });

  it("in any member of a good document is either read or refused, never an exception", () => {
    const members = ["id", "name", "trace_id", "start_time", "end_time", "parent_id", "http", "aws", "sql", "cause"];
    members.push(
      "annotations",
      "metadata",
      "service",
      "links",
      "precursor_ids",
      "subsegments",
      "user",
      "type",
      "namespace",
    );
    fc.assert(
      fc.property(fc.constantFrom(...members), fc.jsonValue(), (member, value) => {
        const text = aDocument({ subsegments: [aWireSubsegment({ [member]: value })], [member]: value });
        return ["segments", "refused"].includes(parseSegment(text).kind);
      }),
    );
  });
});
