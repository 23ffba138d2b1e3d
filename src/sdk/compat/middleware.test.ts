import { afterEach, expect, it } from "vitest";
import { serveHttp } from "../../../test/fixtures/http-servers.ts";
import { setDaemonAddress } from "./daemon-config.ts";
import { setLogger } from "./logger.ts";
import { middleware } from "./middleware.ts";
import { type RequestSampler, requestSampler } from "./request-sampler.ts";
import type { Segment } from "./segment.ts";

setLogger({ debug() {}, info() {}, warn() {}, error() {} });
const { sampler } = middleware;

afterEach(() => {
  Object.assign(middleware, { sampler, dynamicNaming: false, hostPattern: null, defaultName: undefined });
});

/** The segment of one request, and what the response said. */
async function answer(headers: Record<string, string>, by: RequestSampler): Promise<[Segment, string | null]> {
  middleware.sampler = by;
  middleware.setDefaultName("shop");
  let segment: Segment | undefined;
  const server = await serveHttp((request, response) => {
    segment = middleware.traceRequestResponseCycle(request, response);
    // Only looked at: nothing is sent.
    segment.flush = () => undefined;
    response.statusCode = 404;
    response.end("no tea");
  });
  try {
    const response = await fetch(server.url, { headers });
    await response.text();
    return [segment!, response.headers.get("x-amzn-trace-id")];
  } finally {
    await server.close();
  }
}

const says = (decision: boolean | string): RequestSampler => ({ shouldSample: () => decision, setLocalRules() {} });
const root = "1-5759e988-bd862e3fe1be46a994272793";

it("a request becomes a segment, with how it was answered", async () => {
  const [segment] = await answer(
    { "x-amzn-trace-id": `Root=${root};Parent=53995c3f42cd8ad8;Lineage=a:1` },
    says("tea"),
  );
  expect(segment).toMatchObject({ name: "shop", trace_id: root, parent_id: "53995c3f42cd8ad8", error: true });
  expect(segment.http?.response).toMatchObject({ status: 404 });
  expect(segment.aws).toMatchObject({ xray: { rule_name: "tea" } });
  expect(segment.notTraced).toBeUndefined();
  expect(segment.additionalTraceData).toEqual({ Lineage: "a:1" });
  expect(segment.toJSON()).not.toHaveProperty("additionalTraceData");
});

it("who asks for the decision is told, and who has made it is followed", async () => {
  const [asked, told] = await answer({ "x-amzn-trace-id": `Root=${root};Sampled=?` }, says(false));
  expect([asked.notTraced, told]).toEqual([true, `Root=${root};Sampled=0`]);
  const [followed, untold] = await answer({ "x-amzn-trace-id": `Root=${root};Sampled=1` }, says(false));
  expect([followed.notTraced, untold]).toEqual([undefined, null]);
});

it("segments are named after the host where that is asked for and the pattern fits", () => {
  middleware.setDefaultName("shop");
  middleware.enableDynamicNaming("*.example.com");
  expect(middleware.resolveName("tea.example.com")).toBe("tea.example.com");
  expect(middleware.resolveName("tea.example.org")).toBe("shop");
  expect(middleware.resolveName()).toBe("shop");
});

it("local rules decide, and rules that are none are refused with a reason", () => {
  const local = requestSampler(false);
  local.setLocalRules({ version: 2, default: { fixed_target: 0, rate: 0 } });
  expect(local.shouldSample({ host: "tea" })).toBe(false);
  local.setLocalRules({ version: 2, default: { fixed_target: 0, rate: 1 } });
  expect(local.shouldSample({ host: "tea" })).toBe(true);
  expect(() => local.setLocalRules({ version: 3 })).toThrow("version must be 1 or 2");
  expect(() => middleware.setSamplingRules("")).toThrow("path of a file");
});

it("the daemon's rules decide once they are there, and name themselves", async () => {
  let asked = 0;
  const rule = { RuleName: "all", Priority: 1, ReservoirSize: 0, FixedRate: 1, Version: 1, ResourceARN: "*" };
  const patterns = { ServiceName: "*", ServiceType: "*", Host: "*", HTTPMethod: "*", URLPath: "*", Attributes: {} };
  const daemon = await serveHttp((_request, response) => {
    asked += 1;
    response.end(JSON.stringify({ SamplingRuleRecords: [{ SamplingRule: { ...rule, ...patterns } }] }));
  });
  setDaemonAddress(`127.0.0.1:${daemon.port}`);
  const central = requestSampler(true);
  central.setLocalRules({ version: 2, default: { fixed_target: 0, rate: 0 } });
  try {
    expect(central.shouldSample({ host: "tea" })).toBe(false);
    await expect.poll(() => central.shouldSample({ host: "tea" }), { timeout: 10_000 }).toBe("all");
    expect(asked).toBe(1);
  } finally {
    // Closes what asks the daemon.
    setDaemonAddress("127.0.0.1:2000");
    await daemon.close();
  }
});

it("a request whose connection breaks off ends its segment", async () => {
  let segment: Segment | undefined;
  middleware.sampler = says(false);
  middleware.setDefaultName("shop");
  const server = await serveHttp((request, response) => {
    segment = middleware.traceRequestResponseCycle(request, response);
    request.socket.destroy();
  });
  await expect(fetch(server.url)).rejects.toThrow();
  await expect.poll(() => segment?.isClosed(), { timeout: 10_000 }).toBe(true);
  await server.close();
});
