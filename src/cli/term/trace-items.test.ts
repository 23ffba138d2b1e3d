import { describe, expect, it } from "vitest";
import { spanTree } from "../../analysis/span-tree.ts";
import { openSegment, type SegmentRecorder } from "../../call/segment-recorder.ts";
import { assembleTrace } from "../../trace/assemble-trace.ts";
import { parseSegment } from "../../trace/parse-segment.ts";
import type { Trace } from "../../trace/trace.ts";
import { explainFailure } from "./explain-failure.ts";
import { makeStyle } from "./style.ts";
import { type Item, type ItemOptions, traceItems } from "./trace-items.ts";
import { waterfallRows } from "./waterfall-rows.ts";

const { glyphs } = makeStyle();
const itemsOf = (trace: Trace, options: ItemOptions): Item[] => traceItems(spanTree(trace), options);

/** A clock that stands still until it is told to go on. */
function aClock() {
  let ms = 1_700_000_000_000;
  const pass = (by: number): void => {
    ms += by;
  };
  return { now: () => ms, pass };
}

function traceOf(...recorders: SegmentRecorder[]): Trace {
  const segments = recorders.flatMap((recorder) => {
    const parsed = parseSegment(JSON.stringify(recorder.document()));
    if (parsed.kind === "refused") throw new Error(parsed.problem.message);
    return parsed.segments;
  });
  return assembleTrace(recorders[0]!.traceId, segments);
}

const http = (method: string, url: string) => ({ request: { method, url } });

/** A web shop whose checkout fails because a card is declined. */
function aFailedCheckout() {
  const { now, pass } = aClock();
  const cli = openSegment({ name: "call-cli", now });
  const hop = cli.subsegment("localhost", { namespace: "remote", http: http("GET", "http://localhost:3000/checkout") });
  const { traceId } = cli;
  pass(2);
  const web = openSegment({
    name: "web",
    traceId,
    parentId: hop.id,
    now,
    http: http("GET", "http://localhost:3000/checkout"),
  });
  const redis = web.subsegment("redis", { namespace: "remote" });
  pass(8);
  redis.close();
  const call = web.subsegment("checkout", { namespace: "remote", http: http("POST", "http://checkout/charge") });
  pass(1);
  const checkout = openSegment({
    name: "checkout",
    traceId,
    parentId: call.id,
    now,
    http: http("POST", "http://checkout/charge"),
  });
  for (let i = 0; i < 6; i++) {
    const get = checkout.subsegment("DynamoDB", {
      namespace: "aws",
      aws: { operation: "GetItem", table_name: "orders" },
    });
    pass(5);
    get.close({ status: 200 });
  }
  const stripe = checkout.subsegment("stripe.com", {
    namespace: "remote",
    http: http("POST", "https://stripe.com/v1/charges"),
  });
  pass(200);
  stripe.close({ status: 402 });
  class ChargeError extends Error {
    override name = "ChargeError";
  }
  checkout.exception(new ChargeError("card declined"));
  pass(4);
  checkout.close({ status: 500 });
  call.close({ status: 500 });
  pass(5);
  web.close({ status: 500 });
  hop.close({ status: 500 });
  cli.close();
  return { trace: traceOf(cli, web, checkout), hop };
}

const tree = (items: readonly Item[], depth = 0): string[] =>
  items.flatMap((item) => [
    `${"  ".repeat(depth)}${item.name} ${item.operation} ${Math.round(item.endMs - item.startMs)} ${item.state}`,
    ...tree(item.children, depth + 1),
  ]);

describe("items of a trace", () => {
  it("a call and the segment that answered it are one", () => {
    const { trace } = aFailedCheckout();
    expect(tree(itemsOf(trace, { glyphs }))).toEqual([
      "call-cli  250 ok",
      "  web GET /checkout 248 fault",
      "    redis  8 ok",
      "    checkout POST /charge 234 fault",
      ...new Array(6).fill("      DynamoDB GetItem orders 5 ok"),
      "      stripe.com POST /v1/charges 200 error",
    ]);
  });

  it("subsegments can be left out", () => {
    const { trace } = aFailedCheckout();
    const items = itemsOf(trace, { glyphs, omit: ({ name }) => name === "redis" || name === "checkout" });
    expect(tree(items)).toEqual(["call-cli  250 ok", "  web GET /checkout 248 fault"]);
  });

  it("hostile names are harmless", () => {
    const segment = openSegment({ name: "web" });
    segment.subsegment("x", { namespace: "remote", http: http("GET", "http://a/\u001b[2J") }).close();
    segment.close();
    expect(itemsOf(traceOf(segment), { glyphs })[0]!.children[0]!.operation).not.toContain("\u001b");
  });

  it("segments that call each other end somewhere", () => {
    const a = openSegment({ name: "a", id: "a".repeat(16), parentId: "b".repeat(16) });
    const b = openSegment({ name: "b", id: "b".repeat(16), parentId: "a".repeat(16), traceId: a.traceId });
    a.close();
    b.close();
    expect(tree(itemsOf(traceOf(a, b), { glyphs })).length).toBeGreaterThan(0);
  });
});

describe("rows of a waterfall", () => {
  it("three or more alike are one row, with the time of all", () => {
    const { rows } = waterfallRows(itemsOf(aFailedCheckout().trace, { glyphs }), { glyphs });
    expect(
      rows.map(({ prefix, name, operation, durationMs }) => `${prefix}${name} ${operation} ${Math.round(durationMs)}`),
    ).toEqual([
      "call-cli  250",
      "└ web GET /checkout 248",
      "  ├ redis  8",
      "  └ checkout POST /charge 234",
      "    ├ 6 × DynamoDB GetItem orders 30",
      "    └ stripe.com POST /v1/charges 200",
    ]);
  });

  it("of too many rows the longest stay, and how many went is told", () => {
    const { now, pass } = aClock();
    const segment = openSegment({ name: "batch", now });
    for (let i = 1; i <= 500; i++) {
      const step = segment.subsegment(`step ${i}`);
      pass(i);
      step.close();
    }
    segment.close();
    const { rows, left } = waterfallRows(itemsOf(traceOf(segment), { glyphs }), { glyphs, mostRows: 11 });
    expect(rows.map(({ name }) => name)).toEqual(["batch", ...Array.from({ length: 10 }, (_, i) => `step ${491 + i}`)]);
    expect(left).toBe(490);
  });

  it("of 10,000 subsegments the longest are shown, and the others counted", () => {
    const { now, pass } = aClock();
    const root = openSegment({ name: "batch", now });
    const parts = Array.from({ length: 10 }, (_, part) => {
      const segment = openSegment({ name: `part ${part}`, traceId: root.traceId, parentId: root.id, now });
      for (let i = 0; i < 1_000; i++) {
        const step = segment.subsegment(`step ${i % 500}`, { namespace: "remote" });
        pass(1);
        step.close();
      }
      segment.close();
      return segment;
    });
    root.close();
    const trace = traceOf(root, ...parts);
    const items = itemsOf(trace, { glyphs });
    expect(items[0]!.size).toBe(10_011);
    const { rows, left } = waterfallRows(items, { glyphs, mostRows: 60 });
    expect(rows).toHaveLength(60);
    expect(left).toBeGreaterThan(9_000);
  });

  it("a chain of calls may be longer than the engine's stack", () => {
    const { now, pass } = aClock();
    const length = 3_000;
    const chain: SegmentRecorder[] = [];
    let [traceId, parentId]: [string | undefined, string | undefined] = [undefined, undefined];
    for (let at = 0; at < length; at += 1) {
      const segment = openSegment({ name: `s${at}`, now, ...(traceId && { traceId }), ...(parentId && { parentId }) });
      traceId = segment.traceId;
      parentId = segment.subsegment(`s${at + 1}`, { namespace: "remote" }).id;
      chain.push(segment);
      pass(1);
    }
    for (const segment of chain.toReversed()) segment.close();
    const items = itemsOf(traceOf(...chain), { glyphs });
    // The last call, which nobody answered, is an item too.
    expect(items[0]!.size).toBe(length + 1);
    expect(waterfallRows(items, { glyphs, mostRows: 60 }).rows.length).toBeGreaterThanOrEqual(60);
    expect(explainFailure(items, glyphs)).toEqual([]);
  });
});

describe("why a trace failed", () => {
  const why = (trace: Trace): string[] => explainFailure(itemsOf(trace, { glyphs }), glyphs);

  it("begins where it went wrong, and ends with what that made others throw", () => {
    expect(why(aFailedCheckout().trace)).toEqual([
      "stripe.com answered 402 to POST /v1/charges",
      expect.stringMatching(/^checkout threw ChargeError: card declined \(trace-items\.test\.ts:\d+\)$/),
    ]);
  });

  it("is nothing where nothing failed", () => {
    const segment = openSegment({ name: "web" });
    segment.subsegment("db").close();
    segment.close();
    expect(why(traceOf(segment))).toEqual([]);
  });

  it("is the refused connection of a call", () => {
    const segment = openSegment({ name: "call-cli" });
    const hop = segment.subsegment("127.0.0.1", { namespace: "remote", http: http("GET", "http://127.0.0.1:1/x") });
    const error = Object.assign(new Error("connect ECONNREFUSED 127.0.0.1:1"), { stack: "" });
    hop.exception(error);
    hop.close();
    segment.exception(error);
    segment.close();
    expect(why(traceOf(segment))).toEqual(["127.0.0.1 failed with Error: connect ECONNREFUSED 127.0.0.1:1"]);
  });

  it("names a failure that its caller coped with", () => {
    const segment = openSegment({ name: "web" });
    segment
      .subsegment("recommendations", { namespace: "remote", http: http("GET", "http://r/top") })
      .close({ status: 503 });
    segment.close();
    expect(why(traceOf(segment))).toEqual(["recommendations answered 503 to GET /top"]);
  });

  it("says so where a sender gave no reason", () => {
    const segment = openSegment({ name: "web" });
    segment.close({ fault: true });
    expect(why(traceOf(segment))).toEqual(["web is marked as fault"]);
  });
});
