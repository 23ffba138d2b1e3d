import { ROOT_CONTEXT, type Span, trace } from "@opentelemetry/api";
import { afterEach, beforeEach, expect, it } from "vitest";
import { startUdpReceiver, type UdpReceiver } from "../../test/fixtures/udp-receiver.ts";
import { XRaySpanProcessor, type XRaySpanProcessorOptions } from "./xray-span-processor.ts";
import { XRayTracer } from "./xray-tracer.ts";

let daemon: UdpReceiver;
const processors: XRaySpanProcessor[] = [];

beforeEach(async () => {
  daemon = await startUdpReceiver();
});

afterEach(async () => {
  for (const processor of processors.splice(0)) await processor.shutdown();
  daemon.close();
});

function aTracer(options: XRaySpanProcessorOptions = {}): XRayTracer {
  const processor = new XRaySpanProcessor({ daemonAddress: daemon.address, environment: {}, ...options });
  processors.push(processor);
  const sampler = { shouldSample: () => ({ decision: 2 }) as const };
  const resource = { attributes: { "service.name": "shop" } };
  return new XRayTracer({ sampler, processor, resource, environment: {}, isLambda: false }, { name: "test" });
}

const below = (span: Span) => trace.setSpan(ROOT_CONTEXT, span);

it("work that takes long tells that it is under way, once, and is finished by its end", async () => {
  const span = aTracer({ inProgressAfterMs: 20 }).startSpan("long", { attributes: { step: 1 } });
  const [open] = await daemon.await(1);
  expect(open).toMatchObject({ name: "shop", in_progress: true, annotations: { step: 1 } });
  span.setAttribute("step", 2).end();
  const finished = (await daemon.await(2)).at(-1)!;
  expect(finished).toMatchObject({ id: open!.id, annotations: { step: 2 } });
  expect(finished.end_time).toBeGreaterThan(finished.start_time);
  expect(daemon.documents).toHaveLength(2);
});

it("what ends below long work is sent while it goes on", async () => {
  const tracer = aTracer({ inProgressAfterMs: 20 });
  tracer.startSpan("step", {}, below(tracer.startSpan("long"))).end();
  const step = await daemon.find(({ name }) => name === "step");
  expect(step).toMatchObject({ type: "subsegment" });
});

it("a document that no datagram holds arrives in parts that know where they belong", async () => {
  const tracer = aTracer();
  const root = tracer.startSpan("large");
  for (let number = 0; number < 5; number += 1) {
    const attributes = { "aws.xray.metadata.debug": JSON.stringify({ text: "x".repeat(25_000) }) };
    tracer.startSpan(`child ${number}`, { attributes }, below(root)).end();
  }
  root.end();
  await daemon.find(({ name }) => name === "shop");
  const all = daemon.documents.flatMap(({ subsegments = [], ...one }) => [one, ...subsegments]);
  expect(all.map(({ name }) => name).toSorted()).toEqual([0, 1, 2, 3, 4].map((n) => `child ${n}`).concat("shop"));
});

it("flush tells of what is open, and shutdown ends it all", async () => {
  const tracer = aTracer();
  tracer.startSpan("open");
  processors[0]!.flush();
  expect((await daemon.await(1))[0]).toMatchObject({ in_progress: true });
  await processors[0]!.shutdown();
  tracer.startSpan("after").end();
  expect(processors[0]!.figures).toEqual({ sent: 1, dropped: 1 });
});

it("an address that is none is refused when the processor is made", () => {
  expect(() => new XRaySpanProcessor({ daemonAddress: "nowhere", environment: {} })).toThrow(/has no port/);
});

it("the environment's address goes before the code's", async () => {
  aTracer({ daemonAddress: "127.0.0.1:9", environment: { AWS_XRAY_DAEMON_ADDRESS: daemon.address } })
    .startSpan("work")
    .end();
  await daemon.await(1);
});

it("secrets in what was allowed to be sent are made unreadable", async () => {
  const attributes = { "http.request.method": "GET", "url.full": "https://a.example/?token=abc&page=2" };
  aTracer({ captureQuery: true }).startSpan("call", { kind: 2, attributes }).end();
  const [segment] = await daemon.await(1);
  expect(segment!.subsegments![0]!.http!.request!.url).toBe("https://a.example/?token=REDACTED&page=2");
});

it.each([
  [{}, undefined, undefined],
  [{ AWS_XRAY_COLLECT_SQL_QUERIES: "true" }, undefined, "SELECT 1"],
  [{ AWS_XRAY_COLLECT_SQL_QUERIES: "false" }, undefined, undefined],
  [{}, true, "SELECT 1"],
])("with %j and captureSql %s, a query's text is sent as %s", async (environment, captureSql, sent) => {
  const attributes = { "db.system.name": "postgresql", "db.namespace": "shop", "db.query.text": "SELECT 1" };
  const options = { environment, ...(captureSql !== undefined && { captureSql }) };
  aTracer(options)
    .startSpan("query", { kind: 2, attributes: { ...attributes, "server.address": "db" } })
    .end();
  const [segment] = await daemon.await(1);
  const { sql } = segment!.subsegments![0] as { sql?: { sanitized_query?: string } };
  expect(sql?.sanitized_query).toBe(sent);
});
