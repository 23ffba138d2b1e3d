import { TraceFlags } from "@opentelemetry/api";
import { expect, it } from "vitest";
import type { EndedSpan } from "./ended-span.ts";
import { LocalTrees } from "./local-trees.ts";

function aSpan(id: string, parentId?: string, isRemote = false): EndedSpan {
  const context = (spanId: string) => ({ traceId: "t", spanId, traceFlags: TraceFlags.SAMPLED });
  return {
    name: id,
    kind: 0,
    spanContext: () => context(id),
    parentSpanContext: parentId === undefined ? undefined : { ...context(parentId), isRemote },
    startTime: [1, 0],
    endTime: [2, 0],
    status: { code: 0 },
    attributes: {},
    links: [],
    events: [],
    resource: { attributes: {} },
  };
}

function growing(streamingThreshold = 100) {
  const sent: string[] = [];
  const send = (_: unknown, spans: readonly EndedSpan[]) => sent.push(spans.map(({ name }) => name).join(" "));
  const trees = new LocalTrees({ streamingThreshold, send });
  return { sent, trees, open: (span: EndedSpan, ms = 0) => trees.open(span, ms, false) };
}

it("a root is sent with all that ended below it, and nothing stays behind", () => {
  const { sent, trees, open } = growing();
  const [root, child, grandchild] = [aSpan("root", "caller", true), aSpan("child", "root"), aSpan("grand", "child")];
  for (const span of [root, child, grandchild]) open(span);
  for (const span of [grandchild, child, root]) trees.close(span);
  expect(sent).toEqual(["grand child root"]);
  expect(trees.size).toBe(0);
  expect(trees.startedBefore(Number.POSITIVE_INFINITY)).toEqual([]);
});

it("what ends after its root goes alone", () => {
  const { sent, trees, open } = growing();
  const [root, late, later] = [aSpan("root"), aSpan("late", "root"), aSpan("later", "late")];
  for (const span of [root, late, later]) open(span);
  trees.close(root);
  trees.close(later);
  trees.close(late);
  expect(sent).toEqual(["root", "later", "late"]);
  expect(trees.size).toBe(0);
});

it("roots do not mix", () => {
  const { sent, trees, open } = growing();
  const spans = [aSpan("a"), aSpan("b"), aSpan("a1", "a"), aSpan("b1", "b")] as const;
  for (const span of spans) open(span);
  for (const span of spans.toReversed()) trees.close(span);
  expect(sent).toEqual(["b1 b", "a1 a"]);
});

it("past the threshold, what has finished goes ahead of its root", () => {
  const { sent, trees, open } = growing(2);
  const root = aSpan("root");
  open(root);
  for (const name of ["1", "2", "3", "4"]) {
    const child = aSpan(name, "root");
    open(child);
    trees.close(child);
  }
  trees.close(root);
  expect(sent).toEqual(["1 2 3", "4 root"]);
});

it("a span that ends twice, or that nobody knows, does nothing", () => {
  const { sent, trees, open } = growing();
  const root = aSpan("root");
  open(root);
  trees.close(root);
  trees.close(root);
  trees.close(aSpan("unknown"));
  expect(sent).toEqual(["root"]);
});

it("an application that never ends its spans does not fill the memory", () => {
  const { sent, trees, open } = growing();
  const oldest = aSpan("oldest");
  open(oldest);
  const finished = aSpan("finished", "oldest");
  open(finished);
  trees.close(finished);
  for (let number = 0; number < 50_000; number += 1) open(aSpan(`leak ${number}`));
  expect(trees.size).toBeLessThanOrEqual(20_000);
  expect(sent[0]).toBe("finished");
  trees.close(oldest);
  expect(sent).toEqual(["finished"]);
});

it("those that began before a time are found in order", () => {
  const { trees, open } = growing();
  for (const [index, name] of ["a", "b", "c"].entries()) open(aSpan(name), index * 10);
  expect(trees.startedBefore(20).map(({ root }) => root.name)).toEqual(["a", "b"]);
});
