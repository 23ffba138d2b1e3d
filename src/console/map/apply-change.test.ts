import { describe, expect, it } from "vitest";
import type { GetServiceGraphResponse, WireService } from "../../api/wire.ts";
import { applyChange } from "./apply-change.ts";
import { edgeKey, nodeKey } from "./map-view.ts";

interface Calls {
  readonly ok?: number;
  readonly fault?: number;
  readonly throttle?: number;
  readonly seconds?: number;
}

function statistics({
  ok = 1,
  fault = 0,
  throttle = 0,
  seconds = 0.1,
}: Calls): WireService["SummaryStatistics"] & object {
  const total = ok + fault + throttle;
  return {
    OkCount: ok,
    ErrorStatistics: { ThrottleCount: throttle, OtherCount: 0, TotalCount: throttle },
    FaultStatistics: { OtherCount: fault, TotalCount: fault },
    TotalCount: total,
    TotalResponseTime: total * seconds,
  };
}

function aService(
  reference: number,
  name: string,
  calls: Calls | undefined,
  edges: Record<number, Calls> = {},
): WireService {
  return {
    ReferenceId: reference,
    Name: name,
    Names: [name],
    State: "active",
    StartTime: 1_000,
    EndTime: 1_600,
    ...(calls === undefined && { Type: "client" }),
    ...(calls !== undefined && {
      SummaryStatistics: statistics(calls),
      ResponseTimeHistogram: [
        { Value: 0.9, Count: 1 },
        { Value: 0.1, Count: 9 },
      ],
    }),
    Edges: Object.entries(edges).map(([to, each]) => ({
      ReferenceId: Number(to),
      StartTime: 1_000,
      EndTime: 1_600,
      SummaryStatistics: statistics(each),
      ResponseTimeHistogram: [{ Value: each.seconds ?? 0.1, Count: 1 }],
      Aliases: [],
    })),
  };
}

function aGraph(...services: readonly WireService[]): GetServiceGraphResponse {
  return { StartTime: 0, EndTime: 1_600, Services: services, ContainsOldGroupVersions: false };
}

const first = aGraph(
  aService(0, "web", undefined, { 1: {} }),
  aService(1, "web", { ok: 3 }, { 2: {} }),
  aService(2, "db", {}),
);

describe("applyChange", () => {
  it("calls everything new at first", () => {
    const view = applyChange(undefined, first);
    expect(view.nodes.map((node) => [node.id.name, node.kind, node.change])).toEqual([
      ["web", "client", "new"],
      ["web", "service", "new"],
      ["db", "service", "new"],
    ]);
    expect(view.edges.map((edge) => edge.change)).toEqual(["new", "new"]);
  });

  it("answers the same view when nothing has changed, so that nothing is drawn again", () => {
    const view = applyChange(undefined, first);
    const again = applyChange(view, structuredClone(first));
    expect(applyChange(again, structuredClone(first))).toBe(again);
  });

  it("knows a service by what it is, whatever number it has in the answer", () => {
    const view = applyChange(undefined, first);
    const renumbered = aGraph(
      aService(0, "auth", {}),
      aService(5, "web", undefined, { 4: {} }),
      aService(4, "web", { ok: 4 }, { 7: {} }),
      aService(7, "db", {}),
    );
    const next = applyChange(view, renumbered);
    const changes = Object.fromEntries(next.nodes.map((node) => [`${node.id.name} ${node.kind}`, node.change]));
    expect(changes).toEqual({
      "auth service": "new",
      "web client": "same",
      "web service": "changed",
      "db service": "same",
    });
    expect(next.edges.map(({ key, change }) => [key, change])).toEqual([
      [edgeKey(nodeKey({ name: "web", type: "client" }), nodeKey({ name: "web" })), "same"],
      [edgeKey(nodeKey({ name: "web" }), nodeKey({ name: "db" })), "same"],
    ]);
  });

  it("marks an edge whose calls got slower although their number is the same", () => {
    const view = applyChange(undefined, first);
    const slower = aGraph(first.Services[0]!, aService(1, "web", { ok: 3 }, { 2: { seconds: 2 } }), first.Services[2]!);
    expect(applyChange(view, slower).edges.map((edge) => edge.change)).toEqual(["same", "changed"]);
  });

  it("forgets a service that is no longer there", () => {
    const view = applyChange(undefined, first);
    const next = applyChange(view, aGraph(first.Services[1]!));
    expect(next.nodes.map((node) => node.id.name)).toEqual(["web"]);
    // Its callee stands on another page, or is gone: an edge into nothing is not drawn.
    expect(next.edges).toEqual([]);
  });

  it("counts classes, percentiles and the rate over the time that has been seen", () => {
    const [node] = applyChange(undefined, aGraph(aService(0, "web", { ok: 7, fault: 2, throttle: 1 }))).nodes;
    // The first call was at 1000, the range ends at 1600.
    expect(node!.figures).toMatchObject({ ok: 7, error: 0, fault: 2, throttle: 1, total: 10, perSecond: 10 / 600 });
    expect([node!.figures!.p50, node!.figures!.p95]).toEqual([0.1, 0.9]);
  });

  it("gives clients no figures of their own", () => {
    expect(applyChange(undefined, first).nodes[0]!.figures).toBeUndefined();
  });
});
