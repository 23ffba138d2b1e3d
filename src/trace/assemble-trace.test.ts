import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  aDocument,
  anId,
  aStreamedSubsegment,
  aTraceId,
  aWireSegment,
  aWireSubsegment,
  parsed,
  type Wire,
} from "../../test/fixtures/builders.ts";
import { assembleTrace } from "./assemble-trace.ts";
import type { Segment } from "./segment.ts";
import type { Trace } from "./trace.ts";

function theTrace(...documents: readonly string[]): Trace {
  return assembleTrace(aTraceId, parsed(...documents));
}

/** The id of a subsegment in a document by its depth there. */
function idOf(document: number, level: number): string {
  return `d${(document * 1000 + level).toString(16).padStart(15, "0")}`;
}

function names(segments: readonly Segment[]): string[] {
  return segments.map((segment) => segment.name);
}

describe("calls", () => {
  it("to a host that sends no segments lead to an inferred one", () => {
    const call = aWireSubsegment({ name: "api.example.com", namespace: "remote", http: { response: { status: 503 } } });
    const trace = theTrace(aDocument({ subsegments: [call] }));
    expect(trace.segments[1]).toMatchObject({
      name: "api.example.com",
      parentId: call.id,
      inferred: true,
      isRoot: false,
      fault: true,
      node: { name: "api.example.com", type: "remote" },
    });
    expect(trace.segments[1]!.id).toMatch(/^[0-9a-f]{16}$/);
    expect(trace.calls).toMatchObject([{ from: 0, to: 1, caller: { id: call.id } }]);
  });

  it("lead to the callee's own segment once it is there", () => {
    const call = aWireSubsegment({ name: "lb", namespace: "remote" });
    const trace = theTrace(
      aDocument({ name: "backend", parent_id: call.id }),
      aDocument({ start_time: 1, subsegments: [call] }),
    );
    expect(names(trace.segments)).toEqual(["shop", "backend"]);
    expect(trace.calls).toMatchObject([{ from: 0, to: 1, caller: { name: "lb" } }]);
    expect(trace.segments.map((segment) => segment.isRoot)).toEqual([true, false]);
  });

  it("need no namespace when a segment names a plain subsegment as its parent", () => {
    const step = aWireSubsegment({ name: "send" });
    const trace = theTrace(
      aDocument({ start_time: 1, subsegments: [step] }),
      aDocument({ name: "backend", parent_id: step.id }),
    );
    expect(trace.calls).toMatchObject([{ from: 0, to: 1, caller: { name: "send" } }]);
  });

  it("may come from the segment itself, as from a Lambda service to its function", () => {
    const service = aWireSegment({ name: "fn", origin: "AWS::Lambda", start_time: 1 });
    const trace = theTrace(
      JSON.stringify(service),
      aDocument({ name: "fn", origin: "AWS::Lambda::Function", parent_id: service.id }),
    );
    expect(trace.calls).toMatchObject([{ from: 0, to: 1, caller: { id: service.id } }]);
  });

  it("may have several answers, as a retried call behind one balancer has", () => {
    const call = aWireSubsegment({ namespace: "remote" });
    const trace = theTrace(
      aDocument({ start_time: 1, subsegments: [call] }),
      aDocument({ start_time: 2, name: "first", parent_id: call.id }),
      aDocument({ start_time: 3, name: "second", parent_id: call.id }),
    );
    expect(trace.calls.map(({ from, to }) => [from, to])).toEqual([
      [0, 1],
      [0, 2],
    ]);
  });

  it("are found at any depth", () => {
    const call = aWireSubsegment({ name: "deep.example.com", namespace: "remote" });
    const trace = theTrace(
      aDocument({ subsegments: [aWireSubsegment({ subsegments: [aWireSubsegment({ subsegments: [call] })] })] }),
    );
    expect(names(trace.segments)).toEqual(["shop", "deep.example.com"]);
  });

  it("marked as traced leave the trace partial until the callee's segment comes", () => {
    const call = aWireSubsegment({ namespace: "remote", traced: true });
    const caller = aDocument({ subsegments: [call] });
    expect(theTrace(caller).isPartial).toBe(true);
    expect(theTrace(caller, aDocument({ parent_id: call.id })).isPartial).toBe(false);
  });
});

describe("nodes of callees without a segment", () => {
  it.each([
    ["a table", { name: "DynamoDB", namespace: "aws", aws: { table_name: "users" } }, "users", "AWS::DynamoDB::Table"],
    [
      "a table in Python's spelling",
      { name: "dynamodb", namespace: "aws", aws: { table_name: "users" } },
      "users",
      "AWS::DynamoDB::Table",
    ],
    [
      "the only table of a batch",
      { name: "DynamoDB", namespace: "aws", aws: { table_names: ["users"] } },
      "users",
      "AWS::DynamoDB::Table",
    ],
    ["DynamoDB without a table", { name: "dynamodb", namespace: "aws" }, "DynamoDB", "AWS::DynamoDB"],
    ["a topic", { name: "sns", namespace: "aws", aws: { topic_arn: "arn:aws:sns:::t" } }, "SNS", "AWS::SNS"],
    [
      "a queue",
      { name: "SQS", namespace: "aws", aws: { queue_url: "https://sqs/1/q" } },
      "https://sqs/1/q",
      "AWS::SQS::Queue",
    ],
    ["a service in another spelling", { name: "SFN", namespace: "aws" }, "Sfn", "AWS::Sfn"],
    ["an unknown service", { name: "Braket", namespace: "aws" }, "Braket", "AWS::Braket"],
    ["a database", { name: "ebdb@db", namespace: "remote", sql: { url: "jdbc:x" } }, "ebdb@db", "Database::SQL"],
    ["a host", { name: "example.com", namespace: "remote" }, "example.com", "remote"],
  ])("%s", (_, members, name, type) => {
    const inferred = theTrace(aDocument({ subsegments: [aWireSubsegment(members)] })).segments[1]!;
    expect(inferred.node).toEqual({ name, type });
    expect(inferred.name).toBe(members.name);
    expect(inferred.origin).toBe(type === "remote" ? undefined : type);
  });

  it("carry the account of a call that crosses accounts", () => {
    const call = aWireSubsegment({ name: "S3", namespace: "aws", aws: { account_id: "111122223333" } });
    expect(theTrace(aDocument({ subsegments: [call] })).segments[1]!.node.accountId).toBe("111122223333");
  });
});

describe("the entry", () => {
  it("is the earliest segment whose parent is not in the trace", () => {
    const trace = theTrace(
      aDocument({ name: "late", start_time: 3 }),
      aDocument({ name: "early", start_time: 2, parent_id: anId() }),
      aDocument({ name: "called", start_time: 1, parent_id: "53995c3f42cd8ad8" }),
      aDocument({ name: "caller", start_time: 2.5, id: "53995c3f42cd8ad8" }),
    );
    expect(trace.entry?.name).toBe("early");
    expect(trace.segments.filter((segment) => segment.isRoot).map((segment) => segment.name)).toEqual([
      "early",
      "caller",
      "late",
    ]);
  });

  it("of segments that call each other in a circle is the earliest", () => {
    const trace = theTrace(
      aDocument({ id: "00000000000000aa", parent_id: "00000000000000bb", start_time: 2, name: "a" }),
      aDocument({ id: "00000000000000bb", parent_id: "00000000000000aa", start_time: 1, name: "b" }),
    );
    expect(trace.entry?.name).toBe("b");
  });

  it("may be a segment that names itself as its parent", () => {
    const trace = theTrace(aDocument({ id: "00000000000000aa", parent_id: "00000000000000aa" }));
    expect(trace.entry?.isRoot).toBe(true);
    expect(trace.calls).toEqual([]);
  });
});

describe("subsegments sent alone", () => {
  const segmentId = "53995c3f42cd8ad8";

  it("wait as orphans until their segment comes", () => {
    const child = aStreamedSubsegment({ parent_id: segmentId, name: "child" });
    const early = theTrace(child);
    expect(early).toMatchObject({
      segments: [],
      orphans: [{ name: "child" }],
      isPartial: true,
      startSeconds: 1_700_000_000.25,
    });
    expect(early.entry).toBeUndefined();
    const late = theTrace(child, aDocument({ id: segmentId }));
    expect(late).toMatchObject({ orphans: [], isPartial: false, segments: [{ subsegments: [{ name: "child" }] }] });
  });

  it("may have parents that were embedded or sent alone themselves", () => {
    const embedded = aWireSubsegment({ name: "embedded" });
    const middle = anId();
    const trace = theTrace(
      aStreamedSubsegment({ name: "inner", parent_id: middle }),
      aStreamedSubsegment({ name: "middle", id: middle, parent_id: embedded.id as string }),
      aDocument({ subsegments: [embedded] }),
    );
    expect(trace.segments[0]!.subsegments[0]).toMatchObject({
      name: "embedded",
      subsegments: [{ name: "middle", subsegments: [{ name: "inner" }] }],
    });
  });

  it("that are embedded too are there once, finished if either copy is", () => {
    const members = { id: anId(), name: "twice", in_progress: true };
    const running = aWireSubsegment({ ...members, subsegments: [aWireSubsegment({ name: "one" })] });
    const finished = aStreamedSubsegment({
      id: members.id,
      name: "twice",
      parent_id: segmentId,
      subsegments: [aWireSubsegment({ name: "two" })],
    });
    const [segment] = theTrace(aDocument({ id: segmentId, subsegments: [running] }), finished).segments;
    expect(segment!.subsegments).toMatchObject([{ name: "twice", inProgress: false }]);
    expect(names(segment!.subsegments[0]!.subsegments).sort()).toEqual(["one", "two"]);
  });

  it("stay when a new version of their segment replaces the old one", () => {
    const running = aDocument({ id: segmentId, in_progress: true });
    const finished = aDocument({ id: segmentId });
    const trace = theTrace(running, aStreamedSubsegment({ parent_id: segmentId, name: "child" }), finished, finished);
    expect(trace.segments).toMatchObject([{ inProgress: false, subsegments: [{ name: "child" }] }]);
  });

  it("that name each other as parents stay orphans", () => {
    const trace = theTrace(
      aStreamedSubsegment({ id: "00000000000000aa", parent_id: "00000000000000bb" }),
      aStreamedSubsegment({ id: "00000000000000bb", parent_id: "00000000000000aa" }),
      aStreamedSubsegment({ id: "00000000000000cc", parent_id: "00000000000000cc" }),
      aDocument(),
    );
    expect(trace.segments).toHaveLength(1);
    expect(trace.orphans.length).toBeGreaterThan(0);
  });

  it("in a chain of ten thousand are all kept, in a tree of bounded depth", () => {
    const id = (i: number): string => i.toString(16).padStart(16, "0");
    const chain = Array.from({ length: 10_000 }, (_, i) => aStreamedSubsegment({ id: id(i + 1), parent_id: id(i) }));
    const trace = theTrace(...chain, aDocument({ id: id(0) }));
    const count = (segments: readonly Segment[]): number =>
      segments.reduce((sum, each) => sum + 1 + count(each.subsegments), 0);
    expect(count(trace.segments[0]!.subsegments)).toBe(10_000);
  });
});

describe("versions", () => {
  it("a finished one wins over one in progress, whichever came first", () => {
    const running = aDocument({ id: "53995c3f42cd8ad8", in_progress: true });
    const finished = aDocument({ id: "53995c3f42cd8ad8", end_time: 1_700_000_002 });
    for (const trace of [theTrace(running, finished), theTrace(finished, running)]) {
      expect(trace.segments).toMatchObject([{ inProgress: false, endSeconds: 1_700_000_002 }]);
    }
  });

  it("a later finished one replaces an earlier finished one", () => {
    const first = aDocument({ id: "53995c3f42cd8ad8", name: "first" });
    const second = aDocument({ id: "53995c3f42cd8ad8", name: "second" });
    expect(names(theTrace(first, second, first, second).segments)).toEqual(["second"]);
  });
});

/** Documents of one trace: (sub)segments in a random tree, embedded, sent alone or both, some with an earlier version. */
const documents = fc
  .array(
    fc.record({
      parent: fc.nat(),
      isSegment: fc.boolean(),
      isStreamed: fc.boolean(),
      isEmbedded: fc.boolean(),
      isAnnounced: fc.boolean(),
      namespace: fc.constantFrom(undefined, "remote", "aws"),
      start: fc.integer({ min: 1, max: 9 }),
    }),
    { minLength: 1, maxLength: 14 },
  )
  .map((plan) => {
    const id = (i: number): string => (i + 1).toString(16).padStart(16, "0");
    const documents: string[] = [];
    const wires: Wire[] = plan.map((each, i) => {
      const seconds = { start_time: each.start, end_time: each.start + 1 };
      return each.isSegment || i === 0
        ? aWireSegment({ id: id(i), ...seconds })
        : aWireSubsegment({ id: id(i), ...seconds, namespace: each.namespace });
    });
    for (let i = plan.length - 1; i >= 0; i--) {
      const { isSegment, isStreamed, isEmbedded, isAnnounced, parent } = plan[i]!;
      const wire = wires[i]!;
      const parentIndex = i === 0 ? -1 : parent % i;
      if (isSegment || i === 0) {
        if (parentIndex >= 0) wire.parent_id = id(parentIndex);
        if (isAnnounced)
          documents.push(JSON.stringify({ ...wire, end_time: undefined, in_progress: true, subsegments: undefined }));
        documents.push(JSON.stringify(wire));
        continue;
      }
      const alone = { ...wire, type: "subsegment", trace_id: aTraceId, parent_id: id(parentIndex) };
      if (isStreamed || !isEmbedded) documents.push(JSON.stringify(alone));
      if (isAnnounced)
        documents.push(JSON.stringify({ ...alone, end_time: undefined, in_progress: true, subsegments: undefined }));
      if (isEmbedded) wires[parentIndex]!.subsegments = [...((wires[parentIndex]!.subsegments as Wire[]) ?? []), wire];
    }
    return documents;
  });

describe("any order of arrival", () => {
  it("gives the same trace, repeated documents included", () => {
    fc.assert(
      fc.property(
        documents.chain((each) =>
          fc.tuple(fc.constant(each), fc.shuffledSubarray(each, { minLength: each.length }), fc.subarray(each)),
        ),
        ([inOrder, shuffled, repeated]) => {
          expect(theTrace(...shuffled, ...repeated)).toEqual(theTrace(...inOrder));
        },
      ),
      { numRuns: 300 },
    );
  });

  it("is no deeper than one document may be, however deep documents are put below each other", () => {
    const documents = Array.from({ length: 20 }, (_, at) => {
      let inner = aWireSubsegment({ id: idOf(at, 400) });
      for (let level = 399; level > 0; level--) inner = aWireSubsegment({ id: idOf(at, level), subsegments: [inner] });
      if (at === 0) return aDocument({ subsegments: [inner] });
      return JSON.stringify({ ...inner, type: "subsegment", trace_id: aTraceId, parent_id: idOf(at - 1, 400) });
    });
    const [segment] = theTrace(...documents).segments;
    let depth = 0;
    let count = 0;
    for (let level: readonly Segment[] = [segment!]; level.length > 0; depth++) {
      count += level.length;
      level = level.flatMap(({ subsegments }) => subsegments);
    }
    expect([depth, count]).toEqual([501, 20 * 400 + 1]);
  });

  it("keeps every (sub)segment exactly once", () => {
    fc.assert(
      fc.property(documents, (each) => {
        const trace = theTrace(...each);
        const ids: string[] = [];
        const collect = (segment: Segment): void => {
          ids.push(segment.id);
          segment.subsegments.forEach(collect);
        };
        for (const segment of trace.segments) if (!segment.inferred) collect(segment);
        trace.orphans.forEach(collect);
        const sent = new Set(each.flatMap((text) => [...text.matchAll(/"id":"(\w+)"/g)].map((match) => match[1]!)));
        expect(ids.sort()).toEqual([...sent].sort());
      }),
    );
  });
});
