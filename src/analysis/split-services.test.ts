import { describe, expect, it } from "vitest";
import { serviceGraph } from "../graph/build-graph.ts";
import type { DigestSegment, TraceDigest } from "../trace/digest.ts";
import { operationOf, ServiceSplitter } from "./split-services.ts";

function aSegment(node: number, more: Partial<DigestSegment> = {}): DigestSegment {
  return {
    ...{ node, startSeconds: 10, endSeconds: 11, inProgress: false, inferred: false, isRoot: node === 0 },
    ...{ awaitsCaller: false, fault: false, error: false, throttle: false, throttled: false, annotations: [] },
    ...more,
  };
}

function aTrace(segments: readonly DigestSegment[]): TraceDigest {
  const call = { inProgress: false, fault: false, error: false, throttled: false, startSeconds: 10, endSeconds: 11 };
  return {
    ...{ id: "1-00000000-000000000000000000000000", revision: 1, startSeconds: 10, endSeconds: 11, idSeconds: 10 },
    ...{ isPartial: false, nodes: [{ name: "web" }, { name: "orders" }], segments, entry: 0 },
    calls: segments.slice(1).map((_, at) => ({ from: 0, to: at + 1, ...call })),
    ...{ faultCauses: [], errorCauses: [], responseTimeCauses: [] },
  };
}

const http = (method: string, url: string): Partial<DigestSegment> => ({ http: { method, url } });

describe("an operation", () => {
  it.each([
    ["get", "http://orders:8080/orders/31?x=1", "GET /orders/{id}"],
    ["POST", "http://orders", "POST /"],
    ["GET", "/files/0a1b2c3d4e5f/raw", "GET /files/{id}/raw"],
    ["GET", "https://a/users/3f2504e0-4f89-11d3-9a0c-0305e82c3301", "GET /users/{id}"],
    ["GET", "https://a/deadbeef", "GET /deadbeef"],
  ])("of %s %s is %s", (method, url, operation) => {
    expect(operationOf({ inferred: false, http: { method, url } })).toBe(operation);
  });

  it("is unknown of what only its callers tell of, and of what answered no request", () => {
    expect(operationOf({ inferred: true, http: { method: "GET", url: "http://db/" } })).toBeUndefined();
    expect(operationOf({ inferred: false })).toBeUndefined();
  });
});

describe("a graph of split services", () => {
  it("has a node for each operation, with its own figures", () => {
    const splitter = new ServiceSplitter("operation");
    const trace = aTrace([
      aSegment(0, http("GET", "/shop")),
      aSegment(1, { ...http("GET", "/orders/1"), fault: true }),
      aSegment(1, http("GET", "/orders/2")),
      aSegment(1, http("POST", "/orders")),
    ]);
    const graph = serviceGraph([splitter.split(trace)], 0, 100);
    const parts = graph.nodes
      .filter(({ isClient }) => !isClient)
      .map(({ name, statistics: { total, fault } }) => ({ ...splitter.partOf(name), total, fault }));
    expect(parts).toEqual([
      { name: "orders", part: "GET /orders/{id}", total: 2, fault: 1 },
      { name: "orders", part: "POST /orders", total: 1, fault: 0 },
      { name: "web", part: "GET /shop", total: 1, fault: 0 },
    ]);
  });

  it("gathers the rest of a service with very many operations in one", () => {
    const splitter = new ServiceSplitter("operation");
    const segments = Array.from({ length: 60 }, (_, at) => aSegment(1, http("GET", `/page-${"x".repeat(at)}`)));
    const graph = serviceGraph([splitter.split(aTrace([aSegment(0), ...segments]))], 0, 100);
    const parts = graph.nodes.flatMap(({ name }) => splitter.partOf(name).part ?? []);
    expect(parts.length).toBe(25);
    expect(parts).toContain("other");
  });

  it("takes the environment of its caller for that of a service which does not say", () => {
    const splitter = new ServiceSplitter("environment");
    const live = aTrace([aSegment(0, { annotations: [["env", "live"]] }), aSegment(1)]);
    const test = aTrace([
      aSegment(0, { annotations: [["env", "test"]] }),
      aSegment(1, { annotations: [["env", "lab"]] }),
    ]);
    const graph = serviceGraph(
      [live, test].map((each) => splitter.split(each)),
      0,
      100,
    );
    const parts = graph.nodes.filter(({ isClient }) => !isClient).map(({ name }) => splitter.partOf(name));
    expect(parts).toEqual([
      { name: "orders", part: "lab" },
      { name: "orders", part: "live" },
      { name: "web", part: "live" },
      { name: "web", part: "test" },
    ]);
  });

  it("leaves what has no part as it is", () => {
    const splitter = new ServiceSplitter("operation");
    const trace = aTrace([aSegment(0), aSegment(1)]);
    expect(serviceGraph([splitter.split(trace)], 0, 100)).toEqual(serviceGraph([trace], 0, 100));
    expect(splitter.partOf("web")).toEqual({ name: "web" });
  });
});
