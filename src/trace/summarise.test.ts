import { expect, it } from "vitest";
import { aDocument, aTraceId, aWireSubsegment, parsed } from "../../test/fixtures/builders.ts";
import { assembleTrace } from "./assemble-trace.ts";
import { digestTrace } from "./digest-trace.ts";
import { summarise, type TraceSummary } from "./summarise.ts";

function theSummary(...documents: readonly string[]): TraceSummary {
  return summarise(digestTrace(assembleTrace(aTraceId, parsed(...documents)), 3));
}

it("the entry gives response time, flags and http, the whole trace gives the duration", () => {
  const call = aWireSubsegment({ namespace: "remote", start_time: 0.2, end_time: 0.3, fault: true });
  const summary = theSummary(
    aDocument({
      start_time: 0.1,
      end_time: 1.1,
      error: true,
      http: { request: { method: "get" }, response: { status: 404 } },
      subsegments: [call],
    }),
    aDocument({
      name: "worker",
      parent_id: call.id,
      start_time: 0.25,
      end_time: 9.3004,
      http: { response: { status: 500 } },
    }),
  );
  expect(summary).toMatchObject({
    revision: 3,
    startSeconds: 0.1,
    durationSeconds: 9.2,
    responseTimeSeconds: 1,
    hasError: true,
    hasFault: false,
    http: { method: "GET", status: 404 },
  });
});

it("a running entry has no response time, and a segment without http an empty one", () => {
  const summary = theSummary(aDocument({ in_progress: true }));
  expect(summary.responseTimeSeconds).toBeUndefined();
  expect(summary).toMatchObject({ isPartial: true, durationSeconds: 0, http: {} });
});

it("a throttled subsegment anywhere makes a throttled trace", () => {
  expect(theSummary(aDocument({ subsegments: [aWireSubsegment({ throttle: true })] })).hasThrottle).toBe(true);
});

it("the services are the client, then every node", () => {
  const call = aWireSubsegment({ name: "example.com", namespace: "remote" });
  const summary = theSummary(
    aDocument({ origin: "AWS::EC2::Instance", aws: { account_id: "1" }, subsegments: [call] }),
  );
  expect(summary.serviceIds).toEqual([
    { name: "shop", names: ["shop"], type: "client" },
    { name: "shop", names: ["shop"], type: "AWS::EC2::Instance", accountId: "1" },
    { name: "example.com", names: ["example.com"], type: "remote" },
  ]);
  expect(summary.entryPoint).toEqual(summary.serviceIds[1]);
});

it("annotations and users are told once, with every service that said so", () => {
  const documents = [
    aDocument({ name: "a", start_time: 1, user: "alice", annotations: { tier: "gold" } }),
    aDocument({
      name: "b",
      start_time: 2,
      user: "alice",
      annotations: { tier: "gold" },
      subsegments: [aWireSubsegment({ annotations: { tier: 1 } })],
    }),
    aDocument({ name: "b", start_time: 3, user: "bob", annotations: { tier: "gold" } }),
  ];
  const summary = theSummary(...documents);
  const names = (each: { serviceIds: readonly { name: string }[] }): string[] =>
    each.serviceIds.map((service) => service.name);
  expect(Object.keys(summary.annotations)).toEqual(["tier"]);
  expect(summary.annotations.tier!.map((each) => [each.value, names(each)])).toEqual([
    ["gold", ["a", "b"]],
    [1, ["b"]],
  ]);
  expect(summary.users.map((each) => [each.name, names(each)])).toEqual([
    ["alice", ["a", "b"]],
    ["bob", ["b"]],
  ]);
});

it("an annotation may be called __proto__", () => {
  const summary = theSummary(aDocument({ annotations: "HERE" }).replace('"HERE"', '{"__proto__":"x"}'));
  expect(Object.keys(summary.annotations)).toEqual(["__proto__"]);
});

it("instances, zones and ARNs are told once", () => {
  const aws = { ec2: { instance_id: "i-1", availability_zone: "us-east-1a" }, function_arn: "arn:f" };
  expect(theSummary(aDocument({ aws }), aDocument({ aws }))).toMatchObject({
    instanceIds: ["i-1"],
    availabilityZones: ["us-east-1a"],
    resourceArns: ["arn:f"],
  });
});

it("segments are counted as far as they were sent, and calls of one segment to one node among each other", () => {
  const calls = [0, 1, 2].map((n) =>
    aWireSubsegment({ name: "db", namespace: "remote", start_time: n, end_time: n + 1 }),
  );
  const one = aWireSubsegment({ name: "cache", namespace: "remote" });
  const { segmentCount, repeatedCalls } = theSummary(aDocument({ subsegments: [...calls, one] }));
  expect([segmentCount, repeatedCalls]).toEqual([1, 3]);
  expect(theSummary(aDocument({ subsegments: [one] })).repeatedCalls).toBeUndefined();
});
