import { expect, it } from "vitest";
import { parseSegment } from "../trace/parse-segment.ts";
import { openSegment } from "./segment-recorder.ts";

function aClock(startMs = 1_795_504_869_447): { now: () => number; pass: (ms: number) => void } {
  let ms = startMs;
  return {
    now: () => ms,
    pass: (by) => {
      ms += by;
    },
  };
}

function parsed(document: object) {
  const answer = parseSegment(JSON.stringify(document));
  if (answer.kind !== "segments") throw new Error(answer.problem.message);
  return answer.segments[0]!;
}

it("a segment with a call in it reads back as it was recorded", () => {
  const { now, pass } = aClock();
  const segment = openSegment({ name: "shop", origin: "AWS::ECS::Container", now });
  pass(1);
  const call = segment.subsegment("127.0.0.1", {
    namespace: "remote",
    http: { request: { method: "GET", url: "http://127.0.0.1:8765/hello" } },
  });
  call.annotate("order id", 7);
  pass(15.25);
  call.close({ status: 503, contentLength: 12 });
  segment.close();

  const read = parsed(segment.document());
  expect(read).toMatchObject({
    name: "shop",
    traceId: segment.traceId,
    origin: "AWS::ECS::Container",
    fault: false,
    inProgress: false,
    startSeconds: 1_795_504_869.447,
    endSeconds: 1_795_504_869.46325,
  });
  expect(read.subsegments[0]).toMatchObject({
    id: call.id,
    parentId: segment.id,
    namespace: "remote",
    fault: true,
    annotations: { order_id: 7 },
    http: { method: "GET", url: "http://127.0.0.1:8765/hello", status: 503, contentLength: 12 },
  });
});

it("a segment is in progress until it is closed, and so are its open subsegments", () => {
  const segment = openSegment({ name: "shop" });
  const work = segment.subsegment("work");
  expect(segment.document()).toMatchObject({ in_progress: true, subsegments: [{ id: work.id, in_progress: true }] });
  segment.close();
  expect(segment.document()).not.toHaveProperty("in_progress");
  expect(segment.document().subsegments?.[0]).toHaveProperty("in_progress", true);
});

it.each([
  [200, {}],
  [302, {}],
  [404, { error: true }],
  [429, { error: true, throttle: true }],
  [503, { fault: true }],
])("status %i sets X-Ray's flags", (status, flags) => {
  const segment = openSegment({ name: "shop" });
  segment.close({ status });
  const { fault, error, throttle } = segment.document();
  expect(JSON.parse(JSON.stringify({ fault, error, throttle }))).toEqual(flags);
});

it("an error that climbs is written down once, and ancestors refer to it", () => {
  const segment = openSegment({ name: "shop" });
  const outer = segment.subsegment("outer");
  const inner = outer.subsegment("inner");
  const error = new TypeError("no such order", { cause: new Error("row not found") });
  for (const level of [inner, outer, segment]) {
    level.exception(error);
    level.close();
  }
  const document = segment.document();
  const cause = document.subsegments?.[0]?.subsegments?.[0]?.cause;
  if (typeof cause !== "object") throw new Error("the inner subsegment has no cause of its own");
  expect(cause.exceptions).toMatchObject([
    { type: "TypeError", message: "no such order", cause: cause.exceptions[1]!.id },
    { type: "Error", message: "row not found" },
  ]);
  expect(cause.exceptions[0]!.stack[0]).toMatchObject({ path: expect.stringContaining("segment-recorder.test") });
  expect(document.cause).toBe(cause.exceptions[0]!.id);
  expect(document.subsegments?.[0]?.cause).toBe(cause.exceptions[0]!.id);
  expect(document.fault).toBe(true);
});

it("anything may be thrown", () => {
  const segment = openSegment({ name: "shop" });
  segment.exception("just text");
  segment.close();
  expect(segment.document().cause).toMatchObject({ exceptions: [{ type: "string", message: "just text", stack: [] }] });
});

it("a subsegment of a segment that someone else writes can be sent alone", () => {
  const facade = openSegment({
    name: "function",
    id: "53995c3f42cd8ad8",
    traceId: "1-5759e988-bd862e3fe1be46a994272793",
  });
  const call = facade.subsegment("127.0.0.1", { namespace: "remote" });
  call.close({ status: 200 });
  expect(parsed(call.document())).toMatchObject({
    isSubsegment: true,
    parentId: "53995c3f42cd8ad8",
    traceId: "1-5759e988-bd862e3fe1be46a994272793",
  });
});

it("a second close changes nothing", () => {
  const { now, pass } = aClock();
  const segment = openSegment({ name: "shop", now });
  segment.close();
  pass(50);
  segment.close({ fault: true });
  expect(segment.document().fault).toBeUndefined();
  expect(segment.document().end_time).toBe(segment.document().start_time);
});

it("a name keeps only what X-Ray takes, 200 characters of it", () => {
  expect(openSegment({ name: 'bad;name?*<>{}|"é漢 -ok' }).name).toBe("bad_name________é漢 -ok");
  expect(openSegment({ name: "x".repeat(300) }).name).toHaveLength(200);
  expect(openSegment({ name: " " }).name).toBe("unnamed");
});
