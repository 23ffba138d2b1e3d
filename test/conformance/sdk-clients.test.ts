import { createServer, get, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { context, trace } from "@opentelemetry/api";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { AsyncContextManager } from "../../src/sdk/async-context-manager.ts";
import { traceHttpClients } from "../../src/sdk/http-client-spans.ts";
import { init, type Tracing } from "../../src/sdk/init.ts";
import { suppress } from "../../src/sdk/suppressed.ts";
import { XRayPropagator } from "../../src/sdk/xray-propagator.ts";
import { XRaySampler } from "../../src/sdk/xray-sampler.ts";
import { XRaySpanProcessor } from "../../src/sdk/xray-span-processor.ts";
import { XRayTracer } from "../../src/sdk/xray-tracer.ts";
import { freePort } from "../fixtures/free-port.ts";
import { startUdpReceiver, type UdpReceiver } from "../fixtures/udp-receiver.ts";

const root = "1-5759e988-bd862e3fe1be46a994272793";
const parent = "53995c3f42cd8ad8";

let daemon: UdpReceiver;
/** Answers `/<status>` with that status; remembers what it was asked. */
let callee: { url: string; seen: IncomingMessage["headers"][]; close(): void };

beforeAll(async () => {
  delete process.env.AWS_XRAY_DAEMON_ADDRESS;
  delete process.env.AWS_XRAY_TRACING_NAME;
  daemon = await startUdpReceiver();
  const seen: IncomingMessage["headers"][] = [];
  const server = createServer((request, response) => {
    seen.push(request.headers);
    response.writeHead(Number(/^\/(\d{3})/.exec(request.url ?? "")?.[1] ?? 200)).end("hello");
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  callee = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    seen,
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
});

afterAll(() => {
  callee.close();
  daemon.close();
});

beforeEach(() => {
  daemon.clear();
  callee.seen.length = 0;
});

const byHttp = (url: string, headers: Record<string, string> = {}) =>
  new Promise<void>((resolve, reject) => {
    get(url, { headers, agent: false }, (answer) => answer.resume().on("end", resolve)).on("error", reject);
  });
const byFetch = async (url: string, headers: Record<string, string> = {}) => {
  await (await fetch(url, { headers })).text();
};
const ways = [
  ["node:http", byHttp],
  ["fetch", byFetch],
] as const;

describe("an application", () => {
  let tracing: Tracing;
  let served: { url: string; close(): void };

  beforeAll(async () => {
    const none = { version: 2, rules: [], default: { fixed_target: 0, rate: 0 } };
    tracing = init({ name: "app", daemonAddress: daemon.address, sampling: "local", localRules: none });
    const server = createServer(async (request, response) => {
      const way = request.url?.includes("fetch") ? byFetch : byHttp;
      const [, to] = /to=([^&]*)/.exec(request.url ?? "") ?? [];
      const failed = to ? await way(decodeURIComponent(to)).catch(() => true) : false;
      response.end(failed ? "failed" : "done");
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    served = {
      url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
      close() {
        server.closeAllConnections();
        server.close();
      },
    };
  });

  afterAll(async () => {
    served.close();
    await tracing.close();
  });

  /** Asks the application, as somebody untraced, and answers the response's own header. */
  const ask = (path: string, header?: string) =>
    context.with(suppress(context.active()), async () => {
      const answer = await fetch(served.url + path, {
        headers: header === undefined ? {} : { "x-amzn-trace-id": header },
      });
      await answer.text();
      return answer.headers.get("x-amzn-trace-id");
    });
  const segmentFor = async (path: string, header = "Sampled=1") => {
    await ask(path, header);
    // Whom it calls is in this process too, and so traced.
    return await daemon.find(({ http }) => String(http?.request?.url).startsWith(served.url));
  };
  const calling = (way: string, to: string) => `/${way === "fetch" ? "fetch" : "http"}?to=${encodeURIComponent(to)}`;

  it("C-31: who asks for a decision is told it", async () => {
    expect(await ask("/", `Root=${root};Sampled=?`)).toBe(`Root=${root};Sampled=0`);
  });

  it.each([
    ["C-30", `Root=${root};Parent=${parent};Sampled=1`],
    ["C-32", `Root=${root}; Parent=${parent}; Sampled=1`],
    ["C-33", `root=${root};PARENT=${parent};sampled=1`],
  ])("%s: %s is the caller", async (_, header) => {
    expect(await segmentFor("/", header)).toMatchObject({ trace_id: root, parent_id: parent });
  });

  it("C-34: Self is neither root nor parent", async () => {
    const segment = await segmentFor("/", `Self=1-67891234-12456789abcdef012345678;Root=${root};Sampled=1`);
    expect(segment.trace_id).toBe(root);
    expect(segment).not.toHaveProperty("parent_id");
  });

  it.each(ways)("C-35: lineage goes on to whom %s calls", async (way) => {
    await segmentFor(calling(way, `${callee.url}/200`), `Root=${root};Parent=${parent};Sampled=1;Lineage=a:1`);
    expect(callee.seen[0]!["x-amzn-trace-id"]).toMatch(/;Lineage=a:1$/);
  });

  it.each(["", ";;;", "garbage", "Root=garbage;Parent=zz"])("C-38, C-39: %j begins a new trace", async (header) => {
    const segment = await segmentFor("/", `${header};Sampled=1`);
    expect(segment.trace_id).toMatch(/^1-[0-9a-f]{8}-[0-9a-f]{24}$/);
    expect(segment).not.toHaveProperty("parent_id");
  });

  it.each(ways)("C-40, C-121: unsampled, %s hands on root and parent, and no document is sent", async (way) => {
    await ask(calling(way, `${callee.url}/200`), `Root=${root};Parent=${parent};Sampled=0`);
    expect(callee.seen[0]!["x-amzn-trace-id"]).toMatch(new RegExp(`^Root=${root};Parent=[0-9a-f]{16};Sampled=0$`));
    await segmentFor("/");
    expect(daemon.documents).toHaveLength(1);
  });

  it("C-45: traceparent alone continues the trace", async () => {
    const traceparent = `00-5759e988bd862e3fe1be46a994272793-${parent}-01`;
    await context.with(suppress(context.active()), () => byFetch(served.url, { traceparent }));
    expect(await daemon.find(({ trace_id }) => trace_id === root)).toMatchObject({ parent_id: parent });
  });

  it.each(
    ways.flatMap(
      ([way]) =>
        [
          [way, 200, {}],
          [way, 302, {}],
          [way, 404, { error: true }],
          [way, 429, { error: true, throttle: true }],
          [way, 503, { fault: true }],
        ] as const,
    ),
  )("C-130: with %s, status %i sets the right flags", async (way, status, flags) => {
    // A redirect that says no place is an answer like any other.
    const segment = await segmentFor(calling(way, `${callee.url}/${status}`));
    const [call] = segment.subsegments!;
    expect(call!.http!.response!.status).toBe(status);
    const { fault, error, throttle } = call!;
    expect(JSON.parse(JSON.stringify({ fault, error, throttle }))).toEqual(flags);
  });

  it.each(ways)("C-131, C-132: %s tells the URL with its port, and without query and fragment", async (way) => {
    const segment = await segmentFor(calling(way, `${callee.url}/200?secret=1#there`));
    expect(segment.subsegments![0]!.http!.request!.url).toBe(`${callee.url}/200`);
  });

  it.each(ways)("C-133: with %s, a connection that is refused is a fault with a cause and no response", async (way) => {
    const segment = await segmentFor(calling(way, `http://127.0.0.1:${await freePort()}/`));
    const [call] = segment.subsegments!;
    expect(call).toMatchObject({ fault: true, cause: { exceptions: [{ remote: true }] } });
    expect(call!.http).not.toHaveProperty("response");
  });

  it.each(ways)("C-134: a header that is there already stays as it is, with %s", async (_, way) => {
    const header = `Root=${root};Parent=${parent};Sampled=1`;
    await way(callee.url, { "X-Amzn-Trace-Id": header });
    expect(callee.seen[0]!["x-amzn-trace-id"]).toBe(header);
  });

  it("C-135: an exception that climbs is told once, and the segment points at it", async () => {
    const tracer = trace.getTracer("test");
    const within = new XRayPropagator().extract(
      context.active(),
      { h: "" },
      { get: () => "Sampled=1", keys: () => [] },
    );
    const climb = <T>(name: string, work: () => T): T =>
      tracer.startActiveSpan(name, {}, name === "outer" ? within : context.active(), (span) => {
        try {
          return work();
        } catch (error) {
          span.recordException(error as Error);
          span.setStatus({ code: 2 });
          throw error;
        } finally {
          span.end();
        }
      });
    const fail = () => {
      throw new Error("once");
    };
    expect(() => climb("outer", () => climb("middle", () => climb("inner", fail)))).toThrow("once");
    const segment = await daemon.find(({ fault }) => fault === true);
    expect(JSON.stringify(segment).match(/"message":"once"/g)).toHaveLength(1);
    const inner = segment.subsegments![0]!.subsegments![0]!;
    if (typeof inner.cause !== "object") throw new Error("The innermost has no cause of its own");
    expect(segment.cause).toBe(inner.cause.exceptions[0]!.id);
  });

  it("C-136: of 101 children and more, none is lost and none is sent twice", async () => {
    const tracer = trace.getTracer("test");
    const within = new XRayPropagator().extract(
      context.active(),
      { h: "" },
      { get: () => "Sampled=1", keys: () => [] },
    );
    tracer.startActiveSpan("many", {}, within, (many) => {
      for (let number = 0; number < 350; number += 1) tracer.startSpan(`child ${number}`).end();
      many.end();
    });
    const segment = await daemon.find(({ name }) => name === "app");
    const alone = daemon.documents.filter((document) => document !== segment);
    expect(alone.length).toBeGreaterThan(100);
    for (const child of alone) {
      expect(child).toMatchObject({ type: "subsegment", parent_id: segment.id, trace_id: segment.trace_id });
    }
    const names = [...alone, ...(segment.subsegments ?? [])].map(({ name }) => name);
    expect(new Set(names).size).toBe(350);
    expect(names).toHaveLength(350);
  });

  it("C-137: a segment that closes before its child is sent, and the child when it closes", async () => {
    const tracer = trace.getTracer("test");
    const within = new XRayPropagator().extract(
      context.active(),
      { h: "" },
      { get: () => "Sampled=1", keys: () => [] },
    );
    const late = tracer.startActiveSpan("early", {}, within, (early) => {
      const child = tracer.startSpan("late");
      early.end();
      return child;
    });
    const segment = await daemon.find(({ name }) => name === "app");
    late.end();
    expect(await daemon.find(({ name }) => name === "late")).toMatchObject({
      type: "subsegment",
      parent_id: segment.id,
    });
  });
});

describe("a function in Lambda", () => {
  const environment: Record<string, string> = { LAMBDA_TASK_ROOT: "/var/task" };
  let stop: () => void;
  let processor: XRaySpanProcessor;

  beforeAll(() => {
    processor = new XRaySpanProcessor({ environment, daemonAddress: daemon.address });
    const resource = { attributes: { "service.name": "function" } };
    const parts = { sampler: new XRaySampler(), processor, resource, environment, isLambda: true };
    stop = traceHttpClients({ tracer: new XRayTracer(parts, { name: "test" }), propagator: new XRayPropagator() });
    context.setGlobalContextManager(new AsyncContextManager());
  });

  afterAll(async () => {
    stop();
    context.disable();
    await processor.shutdown();
  });

  it("C-138: two calls are two subsegments below Lambda's own segment, and no segment is sent", async () => {
    environment._X_AMZN_TRACE_ID = `Root=${root};Parent=${parent};Sampled=1`;
    await byHttp(`${callee.url}/200`);
    await byHttp(`${callee.url}/200`);
    const documents = await daemon.await(2);
    expect(documents).toHaveLength(2);
    for (const [index, document] of documents.entries()) {
      const expected = { type: "subsegment", trace_id: root, parent_id: parent, namespace: "remote" };
      expect(document).toMatchObject(expected);
      expect(callee.seen[index]!["x-amzn-trace-id"]).toBe(`Root=${root};Parent=${document.id};Sampled=1`);
    }
  });

  it("C-139: unsampled, nothing is sent, and the callee is told", async () => {
    environment._X_AMZN_TRACE_ID = `Root=${root};Parent=${parent};Sampled=0`;
    await byHttp(`${callee.url}/200`);
    expect(callee.seen[0]!["x-amzn-trace-id"]).toMatch(new RegExp(`^Root=${root};Parent=[0-9a-f]{16};Sampled=0$`));
    expect(processor.figures.sent).toBe(2);
  });

  it("C-140: what Lambda passes through is neither recorded nor handed on", async () => {
    environment._X_AMZN_TRACE_ID = `Root=${root}`;
    await byHttp(`${callee.url}/200`);
    expect(callee.seen[0]).not.toHaveProperty("x-amzn-trace-id");
    expect(processor.figures.sent).toBe(2);
  });
});
