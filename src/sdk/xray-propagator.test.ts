import { defaultTextMapGetter, defaultTextMapSetter, ROOT_CONTEXT, trace } from "@opentelemetry/api";
import fc from "fast-check";
import { expect, it } from "vitest";
import { callerOf } from "./caller.ts";
import { XRayPropagator } from "./xray-propagator.ts";

const root = "1-5759e988-bd862e3fe1be46a994272793";
const w3c = "5759e988bd862e3fe1be46a994272793";
const parent = "53995c3f42cd8ad8";
const propagator = new XRayPropagator();

const extract = (headers: Record<string, string>) => propagator.extract(ROOT_CONTEXT, headers, defaultTextMapGetter);
const spanOf = (headers: Record<string, string>) => trace.getSpanContext(extract(headers));

function inject(headers: Record<string, string>): Record<string, string> {
  const carrier: Record<string, string> = {};
  propagator.inject(extract(headers), carrier, defaultTextMapSetter);
  return carrier;
}

it("a whole header becomes the remote parent", () => {
  const headers = { "x-amzn-trace-id": `Root=${root};Parent=${parent};Sampled=1` };
  expect(spanOf(headers)).toEqual({ traceId: w3c, spanId: parent, traceFlags: 1, isRemote: true });
});

it("keys are read in any case, and header names too", () => {
  const headers = { "X-Amzn-Trace-Id": `root=${root}; PARENT=${parent}; sampled=1` };
  expect(spanOf(headers)).toMatchObject({ traceId: w3c, spanId: parent, traceFlags: 1 });
});

it("a root alone, as a load balancer adds it, keeps its trace and says that nobody is its parent", () => {
  const context = extract({ "x-amzn-trace-id": `Self=1-67891234-12456789abcdef012345678;Root=${root}` });
  expect(trace.getSpanContext(context)).toMatchObject({ traceId: w3c, traceFlags: 0, isRemote: true });
  expect(callerOf(context)).toEqual({ isParentMadeUp: true, extra: [] });
});

it("an open decision stays open", () => {
  const context = extract({ "x-amzn-trace-id": `Root=${root};Parent=${parent};Sampled=?` });
  expect(callerOf(context)).toEqual({ sampled: "?", isParentMadeUp: false, extra: [] });
});

it("W3C's header is read where there is none of X-Ray's, and X-Ray's goes first", () => {
  const traceparent = `00-0123456789abcdef0123456789abcdef-00f067aa0ba902b7-01`;
  expect(spanOf({ traceparent })).toMatchObject({ traceId: "0123456789abcdef0123456789abcdef", traceFlags: 1 });
  expect(spanOf({ traceparent, "x-amzn-trace-id": `Root=${root};Parent=${parent}` })).toMatchObject({ traceId: w3c });
});

it("both headers are written, with lineage and foreign pairs handed on and the hop's own left out", () => {
  const text = `Self=1-67891234-12456789abcdef012345678;Root=${root};Parent=${parent};Sampled=1;Lineage=a87bd80c:1|68fd508a:5;CalledFrom=app`;
  expect(inject({ "x-amzn-trace-id": text })).toEqual({
    "x-amzn-trace-id": `Root=${root};Parent=${parent};Sampled=1;Lineage=a87bd80c:1|68fd508a:5;CalledFrom=app`,
    traceparent: `00-${w3c}-${parent}-01`,
  });
});

it("an unsampled caller's trace is handed on with its ids", () => {
  const headers = { "x-amzn-trace-id": `Root=${root};Parent=${parent};Sampled=0` };
  expect(inject(headers)["x-amzn-trace-id"]).toBe(`Root=${root};Parent=${parent};Sampled=0`);
});

it("W3C's trace state passes through", () => {
  const headers = { traceparent: `00-${w3c}-${parent}-01`, tracestate: "vendor=1,other=2" };
  expect(inject(headers).tracestate).toBe("vendor=1,other=2");
});

it("nothing is written where there is no trace, and no header whatever breaks it", () => {
  expect(inject({})).toEqual({});
  expect(inject({ "x-amzn-trace-id": "Root=garbage;Parent=zz;Sampled=2" })).toEqual({});
  fc.assert(
    fc.property(fc.string(), fc.string(), (xray, traceparent) => {
      inject({ "x-amzn-trace-id": xray, traceparent });
    }),
  );
});
