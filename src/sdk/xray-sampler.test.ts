import { defaultTextMapGetter, ROOT_CONTEXT, SpanKind, trace } from "@opentelemetry/api";
import { expect, it } from "vitest";
import { XRayPropagator } from "./xray-propagator.ts";
import { XRaySampler } from "./xray-sampler.ts";

const propagator = new XRayPropagator();
const never = { rules: [], otherwise: { fixedTarget: 0, rate: 0 } };
const always = { rules: [], otherwise: { fixedTarget: 0, rate: 1 } };

function decide(sampler: XRaySampler, header?: string, attributes = {}): boolean {
  const headers = header === undefined ? {} : { "x-amzn-trace-id": header };
  const context = propagator.extract(ROOT_CONTEXT, headers, defaultTextMapGetter);
  return sampler.shouldSample(context, "", "GET", SpanKind.SERVER, attributes, []).decision === 2;
}

const ids = "Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8";

it("the caller's decision stands", () => {
  expect(decide(new XRaySampler({ localRules: never }), `${ids};Sampled=1`)).toBe(true);
  expect(decide(new XRaySampler({ localRules: always }), `${ids};Sampled=0`)).toBe(false);
});

it("a caller without ids may have decided all the same", () => {
  expect(decide(new XRaySampler({ localRules: never }), "Sampled=1")).toBe(true);
  expect(decide(new XRaySampler({ localRules: always }), "Sampled=0")).toBe(false);
});

it.each([undefined, ids, `${ids};Sampled=?`, "Root=1-5759e988-bd862e3fe1be46a994272793"])(
  "rules decide about %s",
  (header) => {
    expect(decide(new XRaySampler({ localRules: never }), header)).toBe(false);
    expect(decide(new XRaySampler({ localRules: always }), header)).toBe(true);
  },
);

it("rules see host, method and path, in both spellings of the conventions", () => {
  const rule = { host: "shop:8080", httpMethod: "GET", urlPath: "/ping", fixedTarget: 0, rate: 1 };
  const sampler = new XRaySampler({ localRules: { rules: [rule], otherwise: never.otherwise } });
  const stable = { "server.address": "shop", "server.port": 8080, "http.request.method": "GET", "url.path": "/ping" };
  expect(decide(sampler, undefined, stable)).toBe(true);
  expect(decide(sampler, undefined, { ...stable, "url.path": "/pong" })).toBe(false);
  const old = { "http.host": "shop:8080", "http.method": "GET", "http.target": "/ping?x=1" };
  expect(decide(sampler, undefined, old)).toBe(true);
  expect(decide(sampler, undefined, { ...old, "http.method": "PUT" })).toBe(false);
});

it("a child does as its parent does", () => {
  const sampler = new XRaySampler({ localRules: always });
  for (const traceFlags of [0, 1]) {
    const parent = { traceId: "5759e988bd862e3fe1be46a994272793", spanId: "53995c3f42cd8ad8", traceFlags };
    const context = trace.setSpanContext(ROOT_CONTEXT, parent);
    expect(sampler.shouldSample(context, "", "work", SpanKind.INTERNAL, {}, []).decision).toBe(traceFlags * 2);
  }
});

it("a remote parent that some other propagator read has decided", () => {
  const parent = { traceId: "5759e988bd862e3fe1be46a994272793", spanId: "53995c3f42cd8ad8", traceFlags: 0 };
  const context = trace.setSpanContext(ROOT_CONTEXT, { ...parent, isRemote: true });
  const sampler = new XRaySampler({ localRules: always });
  expect(sampler.shouldSample(context, "", "GET", SpanKind.SERVER, {}, []).decision).toBe(0);
});
