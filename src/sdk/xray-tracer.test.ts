import { context, createContextKey, defaultTextMapGetter, ROOT_CONTEXT, SpanKind, trace } from "@opentelemetry/api";
import { afterAll, beforeAll, expect, it } from "vitest";
import { AsyncContextManager } from "./async-context-manager.ts";
import type { EndedSpan } from "./ended-span.ts";
import { suppress } from "./suppressed.ts";
import { XRayPropagator } from "./xray-propagator.ts";
import { XRaySampler } from "./xray-sampler.ts";
import { XRayTracer } from "./xray-tracer.ts";

beforeAll(() => {
  context.setGlobalContextManager(new AsyncContextManager());
});
afterAll(() => context.disable());

const root = "1-5759e988-bd862e3fe1be46a994272793";
const parent = "53995c3f42cd8ad8";

function tracing(rate = 1, environment: Record<string, string> = {}) {
  const ended: EndedSpan[] = [];
  const sampler = new XRaySampler({ localRules: { rules: [], otherwise: { fixedTarget: 0, rate } } });
  const processor = { onStart: () => {}, onEnd: (span: EndedSpan) => ended.push(span) };
  const isLambda = "LAMBDA_TASK_ROOT" in environment;
  const parts = { sampler, processor, environment, isLambda, resource: { attributes: { "service.name": "shop" } } };
  return { ended, tracer: new XRayTracer(parts, { name: "test" }) };
}

const called = (header: string) =>
  new XRayPropagator().extract(ROOT_CONTEXT, { "x-amzn-trace-id": header }, defaultTextMapGetter);

it("a span has what was given to it, and nothing after its end", () => {
  const { ended, tracer } = tracing();
  const span = tracer.startSpan("work", { kind: SpanKind.CLIENT, attributes: { a: 1 }, startTime: 1_000 });
  span.setAttribute("b", [true]).setAttributes({ c: "x" }).addEvent("seen", { d: 1 }, 1_001).updateName("job");
  span.setStatus({ code: 2, message: "bad" }).setStatus({ code: 0 });
  span.end(1_002.5);
  span.setAttribute("late", 1).addEvent("late").updateName("late").setStatus({ code: 1 }).end(2_000);
  expect(ended).toHaveLength(1);
  expect(ended[0]).toMatchObject({
    name: "job",
    kind: SpanKind.CLIENT,
    attributes: { a: 1, b: [true], c: "x" },
    events: [{ name: "seen", attributes: { d: 1 } }],
    status: { code: 2, message: "bad" },
    resource: { attributes: { "service.name": "shop" } },
    instrumentationScope: { name: "test" },
  });
  expect(span.isRecording()).toBe(false);
});

it("segments of a run that has a name are annotated with it, what is below them is not", () => {
  const { ended, tracer } = tracing(1, { FLUOROSCOPE_RUN: "before the change" });
  tracer.startActiveSpan("outer", (outer) => {
    tracer.startSpan("inner").end();
    outer.end();
  });
  expect(ended.map(({ name, attributes }) => [name, attributes])).toEqual([
    ["inner", {}],
    ["outer", { run: "before the change" }],
  ]);
});

it("a span never ends before it began", () => {
  const { ended, tracer } = tracing();
  tracer.startSpan("work", { startTime: new Date(5_000) }).end(new Date(4_000));
  expect(ended[0]!.endTime).toEqual(ended[0]!.startTime);
});

it("what is active is the parent, over promises too", async () => {
  const { ended, tracer } = tracing();
  await tracer.startActiveSpan("outer", async (outer) => {
    await null;
    tracer.startActiveSpan("inner", { attributes: { a: 1 } }, (inner) => inner.end());
    outer.end();
  });
  const [inner, outer] = ended;
  expect(inner!.parentSpanContext?.spanId).toBe(outer!.spanContext().spanId);
  expect(inner!.spanContext().traceId).toBe(outer!.spanContext().traceId);
});

it("a remote caller's trace goes on, and a root of its own begins another", () => {
  const { ended, tracer } = tracing();
  const within = called(`Root=${root};Parent=${parent};Sampled=1`);
  tracer.startSpan("answer", { kind: SpanKind.SERVER }, within).end();
  tracer.startSpan("apart", { root: true }, within).end();
  expect(ended[0]!.spanContext().traceId).toBe("5759e988bd862e3fe1be46a994272793");
  expect(ended[0]!.parentSpanContext).toMatchObject({ spanId: parent, isRemote: true });
  expect(ended[1]!.parentSpanContext).toBeUndefined();
});

it("what is not sampled is not recorded, has ids to hand on, and neither have its children", () => {
  const { ended, tracer } = tracing(0);
  tracer.startActiveSpan("outer", (outer) => {
    expect(outer.isRecording()).toBe(false);
    expect(outer.spanContext().traceId).toMatch(/^[0-9a-f]{32}$/);
    const inner = tracer.startSpan("inner");
    expect(inner.spanContext()).toMatchObject({ traceId: outer.spanContext().traceId, traceFlags: 0 });
    inner.end();
    outer.end();
  });
  expect(ended).toEqual([]);
});

it("the sampler's attributes are the span's", () => {
  const { ended } = tracing();
  const processor = { onStart: () => {}, onEnd: (span: EndedSpan) => ended.push(span) };
  const sampler = {
    shouldSample: () => ({ decision: 2, attributes: { "aws.xray.sampling_rule_name": "r" } }) as const,
  };
  new XRayTracer({ sampler, processor, environment: {}, isLambda: false, resource: { attributes: {} } }, { name: "" })
    .startSpan("work")
    .end();
  expect(ended[0]!.attributes).toEqual({ "aws.xray.sampling_rule_name": "r" });
});

it("what tracing itself does is not traced", () => {
  const { ended, tracer } = tracing();
  const span = tracer.startSpan("export", {}, suppress(ROOT_CONTEXT));
  span.end();
  expect(ended).toEqual([]);
  expect(trace.isSpanContextValid(span.spanContext())).toBe(false);
});

it("no span grows without end", () => {
  const { ended, tracer } = tracing();
  const span = tracer.startSpan("large");
  for (let number = 0; number < 1_000; number += 1) span.setAttribute(`key ${number}`, number).addEvent("event");
  span.setAttribute("key 0", "changed").end();
  expect(Object.keys(ended[0]!.attributes)).toHaveLength(128);
  expect(ended[0]!.attributes["key 0"]).toBe("changed");
  expect(ended[0]!.events).toHaveLength(128);
});

it("in Lambda the invocation's segment is the parent, as its decision has it", () => {
  const environment = { LAMBDA_TASK_ROOT: "/var/task", _X_AMZN_TRACE_ID: `Root=${root};Parent=${parent};Sampled=1` };
  const { ended, tracer } = tracing(0, environment);
  tracer.startSpan("work").end();
  environment._X_AMZN_TRACE_ID = `Root=${root};Parent=${parent};Sampled=0`;
  expect(tracer.startSpan("work").spanContext()).toMatchObject({ traceFlags: 0 });
  expect(ended).toHaveLength(1);
  expect(ended[0]!.parentSpanContext?.spanId).toBe(parent);
});

it.each(["", `Root=${root}`, "garbage"])("in Lambda, with %j, nothing is recorded and nothing handed on", (header) => {
  const { ended, tracer } = tracing(1, { LAMBDA_TASK_ROOT: "/var/task", _X_AMZN_TRACE_ID: header });
  tracer.startActiveSpan("outer", (outer) => {
    tracer.startSpan("inner").end();
    const carrier = {};
    new XRayPropagator().inject(context.active(), carrier, {
      set: (to, key, value) => Object.assign(to, { [key]: value }),
    });
    expect(carrier).toEqual({});
    outer.end();
  });
  expect(ended).toEqual([]);
});

it("a context's own values are there in startActiveSpan", () => {
  const { tracer } = tracing();
  const key = createContextKey("mine");
  tracer.startActiveSpan("work", {}, ROOT_CONTEXT.setValue(key, "value"), () => {
    expect(context.active().getValue(key)).toBe("value");
  });
});
