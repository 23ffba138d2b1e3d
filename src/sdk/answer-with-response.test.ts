import { context, SpanKind, trace } from "@opentelemetry/api";
import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import { answerWithResponse, endFailed } from "./answer-with-response.ts";
import { AsyncContextManager } from "./async-context-manager.ts";
import type { EndedSpan } from "./ended-span.ts";
import { XRayPropagator } from "./xray-propagator.ts";
import { XRayTracer } from "./xray-tracer.ts";

const traceId = "1-5759e988-bd862e3fe1be46a994272793";
const manager = new AsyncContextManager();
let ended: EndedSpan[] = [];
let isSampled = true;

const tracer = new XRayTracer(
  {
    sampler: { shouldSample: () => ({ decision: isSampled ? 2 : 0 }) },
    processor: { onStart: () => {}, onEnd: (span: EndedSpan) => ended.push(span) },
    ...{ environment: {}, isLambda: false, resource: { attributes: {} } },
  },
  { name: "serve" },
);

beforeAll(() => {
  context.setGlobalContextManager(manager);
});

afterAll(() => context.disable());

beforeEach(() => {
  ended = [];
  isSampled = true;
});

const ask = (
  handler: () => Response | undefined | Promise<Response | undefined>,
  { header = "", ...options }: { header?: string; isErrorAnswered?: boolean; completed?: Promise<void> } = {},
) => {
  const headers = { "x-amzn-trace-id": header, "x-forwarded-for": "203.0.113.9", "user-agent": "test/1" };
  const request = new Request("http://shop.example:8080/tea?cup=2", { method: "PUT", headers });
  const answering = { peer: "192.0.2.1", isErrorAnswered: false, ...options };
  return answerWithResponse(handler, request, answering, { tracer, propagator: new XRayPropagator(), manager });
};

it("a request is a span that goes on with the caller's trace, and is active in the handler", async () => {
  let active: string | undefined;
  const answer = await ask(
    async () => {
      await Promise.resolve();
      active = trace.getActiveSpan()?.spanContext().spanId;
      return new Response("tea", { headers: { "content-length": "3" } });
    },
    { header: `Root=${traceId};Parent=53995c3f42cd8ad8;Sampled=1` },
  );
  expect(await answer!.text()).toBe("tea");
  expect(ended).toHaveLength(1);
  expect(ended[0]!.spanContext()).toMatchObject({ traceId: "5759e988bd862e3fe1be46a994272793", spanId: active });
  expect(ended[0]).toMatchObject({
    kind: SpanKind.SERVER,
    parentSpanContext: { spanId: "53995c3f42cd8ad8" },
    attributes: {
      ...{ "http.request.method": "PUT", "url.scheme": "http", "url.path": "/tea", "url.query": "cup=2" },
      ...{ "server.address": "shop.example", "server.port": 8080, "user_agent.original": "test/1" },
      ...{ "client.address": "203.0.113.9", "network.peer.address": "192.0.2.1" },
      ...{ "http.response.status_code": 200, "http.response.body.size": 3 },
    },
  });
});

it("what is there at once is answered at once, and is the handler's own", () => {
  const own = new Response("tea");
  expect(ask(() => own)).toBe(own);
  expect(ended).toHaveLength(1);
});

it("where the runtime tells when the body has gone out, the span ends with it", async () => {
  let resolve = (): void => undefined;
  const completed = new Promise<void>((done) => {
    resolve = done;
  });
  await ask(() => new Response("tea"), { completed });
  await Promise.resolve();
  expect(ended).toHaveLength(0);
  resolve();
  await expect.poll(() => ended.length).toBe(1);
});

it("a body that nobody waits for is an aborted request", async () => {
  await ask(() => new Response("tea"), { completed: Promise.reject(new Error("gone")) });
  await expect.poll(() => ended.length).toBe(1);
  expect(ended[0]!.attributes["error.type"]).toBe("aborted");
});

it("no answer is a web socket, which does not hold its request open", () => {
  expect(ask(() => undefined, { completed: new Promise(() => {}) })).toBeUndefined();
  expect(ended[0]!.attributes["http.response.status_code"]).toBe(101);
});

it.each([
  ["throws", () => throwing()],
  ["rejects", () => Promise.resolve().then(throwing)],
] as const)(
  "a handler that %s is a fault with its exception, which goes on to whoever answers it",
  async (_, handler) => {
    await expect((async () => ask(handler))()).rejects.toThrow("the pot is broken");
    expect(ended[0]).toMatchObject({ status: { code: 2 }, attributes: { "http.response.status_code": 500 } });
    expect(ended[0]!.events).toMatchObject([{ attributes: { "exception.message": "the pot is broken" } }]);
  },
);

it("the application's own answer to an error is the request's", () => {
  const error = new Error("busy");
  const throwIt = () => {
    throw error;
  };
  expect(() => ask(throwIt, { isErrorAnswered: true })).toThrow(error);
  expect(ended).toHaveLength(0);
  endFailed(error, new Response("later", { status: 503 }));
  endFailed(error, undefined);
  expect(ended).toHaveLength(1);
  expect(ended[0]!.attributes["http.response.status_code"]).toBe(503);
});

it("an error that is thrown for two requests at a time ends both", () => {
  const error = new Error("busy");
  const throwIt = () => {
    throw error;
  };
  for (const _ of [1, 2]) expect(() => ask(throwIt, { isErrorAnswered: true })).toThrow(error);
  endFailed(error, new Response("later", { status: 503 }));
  expect(ended.map(({ attributes }) => attributes["http.response.status_code"])).toEqual([500, 503]);
});

it.each([true, false])("who sends Sampled=? is told, when it is recorded: %s", async (sampled) => {
  isSampled = sampled;
  const answer = await ask(() => new Response("tea"), { header: `Root=${traceId};Sampled=?` });
  expect(answer!.headers.get("x-amzn-trace-id")).toBe(`Root=${traceId};Sampled=${sampled ? 1 : 0}`);
  expect(ended).toHaveLength(sampled ? 1 : 0);
});

it("an answer that cannot be written to is told with another, which has its body", async () => {
  const fixed = Response.redirect("http://shop.example/", 302);
  const answer = await ask(() => fixed, { header: `Root=${traceId};Sampled=?` });
  expect(answer!.status).toBe(302);
  expect(answer!.headers.get("location")).toBe("http://shop.example/");
  expect(answer!.headers.get("x-amzn-trace-id")).toContain("Sampled=1");
});

function throwing(): never {
  throw new TypeError("the pot is broken");
}
