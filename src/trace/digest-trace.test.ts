import { expect, it } from "vitest";
import {
  aDocument,
  aStreamedSubsegment,
  aTraceId,
  aWireSubsegment,
  parsed,
  type Wire,
} from "../../test/fixtures/builders.ts";
import { assembleTrace } from "./assemble-trace.ts";
import type { TraceDigest } from "./digest.ts";
import { digestTrace } from "./digest-trace.ts";

function theDigest(...documents: readonly string[]): TraceDigest {
  return digestTrace(assembleTrace(aTraceId, parsed(...documents)), 1);
}

it("a node that several segments share is listed once", () => {
  const calls = ["users", "users", "orders"].map((table) =>
    aWireSubsegment({ name: "DynamoDB", namespace: "aws", aws: { table_name: table } }),
  );
  const digest = theDigest(aDocument({ subsegments: calls }));
  expect(digest.nodes).toEqual([
    { name: "shop" },
    { name: "users", type: "AWS::DynamoDB::Table" },
    { name: "orders", type: "AWS::DynamoDB::Table" },
  ]);
  expect(digest.segments.map((segment) => segment.node)).toEqual([0, 1, 1, 2]);
});

it("nodes of one name that differ in type or account stay apart", () => {
  const digest = theDigest(
    aDocument({ start_time: 1 }),
    aDocument({ start_time: 2, origin: "AWS::Lambda" }),
    aDocument({ start_time: 3, origin: "AWS::Lambda", aws: { account_id: "111122223333" } }),
    aDocument({ start_time: 4, origin: "AWS::Lambda" }),
  );
  expect(digest.segments.map((segment) => segment.node)).toEqual([0, 1, 2, 1]);
});

it("a throttled subsegment shows on its segment, without making the segment itself a throttled one", () => {
  const throttled = aWireSubsegment({ http: { response: { status: 429 } } });
  expect(
    theDigest(aDocument({ subsegments: [aWireSubsegment({ subsegments: [throttled] })] })).segments[0],
  ).toMatchObject({
    throttle: true,
    throttled: false,
    error: false,
  });
});

it("annotations of a segment and all its subsegments are gathered, each once", () => {
  const inner = aWireSubsegment({ annotations: { a: 1, b: "y" } });
  const digest = theDigest(
    aDocument({ annotations: { a: 1, b: "x" }, subsegments: [aWireSubsegment({ subsegments: [inner] })] }),
  );
  expect(digest.segments[0]!.annotations).toEqual([
    ["a", 1],
    ["b", "x"],
    ["b", "y"],
  ]);
});

it("fifty annotations of a trace are indexed unless told otherwise", () => {
  const many = (first: number): Wire => Object.fromEntries(Array.from({ length: 40 }, (_, i) => [`k${first + i}`, i]));
  const trace = assembleTrace(
    aTraceId,
    parsed(aDocument({ annotations: many(0) }), aDocument({ annotations: many(40) })),
  );
  const count = (digest: TraceDigest): number =>
    digest.segments.reduce((sum, each) => sum + each.annotations.length, 0);
  expect(count(digestTrace(trace, 1))).toBe(50);
  expect(count(digestTrace(trace, 1, { maxAnnotations: 70 }))).toBe(70);
});

it("keys that no filter expression can name are not indexed", () => {
  const digest = theDigest(
    aDocument({ annotations: { "bad key!": 1, "aws.local.service": 2, "a-b": 3, _c: 4, "": 5, é: 6 } }),
  );
  expect(digest.segments[0]!.annotations.map(([key]) => key)).toEqual(["aws.local.service", "a-b", "_c"]);
});

it("resource ARNs come from the segment, its container, its function and the topics it calls", () => {
  const digest = theDigest(
    aDocument({
      resource_arn: "arn:1",
      aws: { function_arn: "arn:2", ecs: { container_arn: "arn:3", task_arn: "arn:1" } },
      subsegments: [aWireSubsegment({ name: "SNS", namespace: "aws", aws: { topic_arn: "arn:4" } })],
    }),
  );
  expect(digest.segments.map((segment) => segment.resourceArns)).toEqual([["arn:1", "arn:2", "arn:3"], ["arn:4"]]);
});

it("a call names its callee otherwise only where the callee has a segment of its own", () => {
  const call = aWireSubsegment({ name: "lb.example.com", namespace: "remote" });
  const table = aWireSubsegment({ name: "DynamoDB", namespace: "aws", aws: { table_name: "users" } });
  const step = aWireSubsegment({ name: "send" });
  const digest = theDigest(
    aDocument({ start_time: 1, subsegments: [call, table, step] }),
    aDocument({ name: "backend", parent_id: call.id }),
    aDocument({ name: "worker", parent_id: step.id }),
  );
  expect(digest.calls.map((each) => each.alias)).toEqual(["lb.example.com", undefined, undefined]);
});

it.each([
  ["its own when it is near the start", "1-6553f100-000000000000000000000001", 1_700_000_000],
  ["the start's when it is random", "1-ffffffff-000000000000000000000001", 1_700_000_000.5],
])("the time of the trace id is %s", (_, id, seconds) => {
  const trace = assembleTrace(id, parsed(aDocument({ trace_id: id, start_time: 1_700_000_000.5 })));
  expect(digestTrace(trace, 1).idSeconds).toBe(seconds);
});

it("a trace of orphans alone has a digest without an entry", () => {
  const digest = theDigest(aStreamedSubsegment({ parent_id: "53995c3f42cd8ad8", fault: true }));
  expect(digest).toMatchObject({
    segments: [],
    calls: [],
    faultCauses: [],
    isPartial: true,
    startSeconds: 1_700_000_000.25,
  });
  expect(digest.entry).toBeUndefined();
});

it("every segment and every call has the same members in the same order", () => {
  const digest = theDigest(aDocument({ user: "a", subsegments: [aWireSubsegment({ namespace: "remote" })] }));
  expect(Object.keys(digest.segments[0]!)).toEqual(Object.keys(digest.segments[1]!));
});
