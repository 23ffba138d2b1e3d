import { context, defaultTextMapGetter, ROOT_CONTEXT, SpanKind, trace } from "@opentelemetry/api";
import { BasicTracerProvider } from "@opentelemetry/sdk-trace-base";
import { afterAll, beforeAll, expect, it } from "vitest";
import { startUdpReceiver, type UdpReceiver } from "../../test/fixtures/udp-receiver.ts";
import { AsyncContextManager } from "./async-context-manager.ts";
import { XRayIdGenerator } from "./xray-id-generator.ts";
import { XRayPropagator } from "./xray-propagator.ts";
import { XRaySampler } from "./xray-sampler.ts";
import { XRaySpanProcessor } from "./xray-span-processor.ts";

/** The parts, in OpenTelemetry's own SDK. */
let daemon: UdpReceiver;
let provider: BasicTracerProvider;

beforeAll(async () => {
  daemon = await startUdpReceiver();
  context.setGlobalContextManager(new AsyncContextManager());
  provider = new BasicTracerProvider({
    idGenerator: new XRayIdGenerator(),
    sampler: new XRaySampler({ localRules: { rules: [], otherwise: { fixedTarget: 0, rate: 0 } } }),
    spanProcessors: [new XRaySpanProcessor({ daemonAddress: daemon.address, environment: {} })],
  });
});

afterAll(async () => {
  await provider.shutdown();
  context.disable();
  daemon.close();
});

const root = "1-5759e988-bd862e3fe1be46a994272793";
const called = (header: string) =>
  new XRayPropagator().extract(ROOT_CONTEXT, { "x-amzn-trace-id": header }, defaultTextMapGetter);

it("a local root with what is below it is one document", async () => {
  const tracer = provider.getTracer("test");
  const within = called(`Root=${root};Parent=53995c3f42cd8ad8;Sampled=1`);
  tracer.startActiveSpan("answer", { kind: SpanKind.SERVER }, within, (server) => {
    tracer.startActiveSpan("work", { attributes: { tea: "green" } }, (work) => work.end());
    server.end();
  });
  expect(await daemon.find(({ trace_id }) => trace_id === root)).toMatchObject({
    parent_id: "53995c3f42cd8ad8",
    subsegments: [{ name: "work", annotations: { tea: "green" } }],
  });
});

it("a trace that a load balancer began goes on, and nobody is its parent", async () => {
  daemon.clear();
  const within = called(`Root=${root};Sampled=1`);
  provider.getTracer("test").startSpan("answer", { kind: SpanKind.SERVER }, within).end();
  const [segment] = await daemon.await(1);
  expect(segment).toMatchObject({ trace_id: root });
  expect(segment).not.toHaveProperty("parent_id");
});

it("what the rules leave out is not sent", async () => {
  daemon.clear();
  const span = provider.getTracer("test").startSpan("unsampled");
  expect(trace.isSpanContextValid(span.spanContext())).toBe(true);
  span.end();
  provider.getTracer("test").startSpan("sampled", {}, called("Sampled=1")).end();
  await daemon.await(1);
  expect(daemon.documents).toHaveLength(1);
});
