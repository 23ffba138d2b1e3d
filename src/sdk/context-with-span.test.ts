import { createContextKey, ROOT_CONTEXT, trace } from "@opentelemetry/api";
import { expect, it } from "vitest";
import { withSpan } from "./context-with-span.ts";

const aSpan = (spanId: string) =>
  trace.wrapSpanContext({ traceId: "5759e988bd862e3fe1be46a994272793", spanId, traceFlags: 1 });
const [first, second] = [aSpan("00000000000000a1"), aSpan("00000000000000a2")];
const key = createContextKey("tea");

it("the span is where OpenTelemetry's API looks for it, and what was there stays", () => {
  const within = withSpan(ROOT_CONTEXT.setValue(key, "green"), first);
  expect(trace.getSpan(within)).toBe(first);
  expect(trace.getSpanContext(within)).toBe(first.spanContext());
  expect(within.getValue(key)).toBe("green");
});

it("it is one like any other: values are set and deleted, and each is a context of its own", () => {
  const within = withSpan(ROOT_CONTEXT, first);
  const more = within.setValue(key, "green");
  expect([more.getValue(key), trace.getSpan(more)]).toEqual(["green", first]);
  expect(within.getValue(key)).toBeUndefined();
  const less = more.deleteValue(key);
  expect([less.getValue(key), trace.getSpan(less)]).toEqual([undefined, first]);
});

it.each([
  ["by us", withSpan],
  ["by the API", trace.setSpan],
])("a span that is set over another %s takes its place, and none is left when it is deleted", (_, set) => {
  const over = set(withSpan(trace.setSpan(ROOT_CONTEXT, first), first), second);
  expect(trace.getSpan(over)).toBe(second);
  expect(trace.getSpan(trace.deleteSpan(over))).toBeUndefined();
});

it("a chain of spans does not hold the spans before it", () => {
  let within = withSpan(ROOT_CONTEXT, first);
  for (let index = 0; index < 3; index += 1) within = withSpan(within, second);
  expect((within as unknown as { base: unknown }).base).toBe(ROOT_CONTEXT);
});
