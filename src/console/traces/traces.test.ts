import { describe, expect, it } from "vitest";
import { shortUrl } from "../../analysis/short-url.ts";
import type { WireTraceSummary } from "../../api/wire.ts";
import { noteArrived } from "../live/arrived.ts";
import { mergeArrived, takeArrived } from "./merge-arrived.ts";
import { pickTrace } from "./pick-trace.ts";
import {
  entryWords,
  hiddenTroubles,
  isColdStart,
  rootCauseLine,
  suspectsNPlusOne,
  traceState,
} from "./summary-words.ts";
import { inOrder, readOrder } from "./trace-order.ts";

function aSummary(members: Partial<WireTraceSummary> = {}): WireTraceSummary {
  return {
    Id: "1-00000000-000000000000000000000001",
    StartTime: 100,
    Duration: 0.1,
    HasFault: false,
    HasError: false,
    HasThrottle: false,
    IsPartial: false,
    Http: {},
    Annotations: {},
    Users: [],
    ServiceIds: [{ Name: "web", Names: ["web"] }],
    EntryPoint: { Name: "web", Names: ["web"] },
    ResourceARNs: [],
    InstanceIds: [],
    AvailabilityZones: [],
    FaultRootCauses: [],
    ErrorRootCauses: [],
    ResponseTimeRootCauses: [],
    Revision: 1,
    ...members,
  };
}

const arrivedOf = (...summaries: WireTraceSummary[]): Map<string, WireTraceSummary> =>
  noteArrived(new Map(), summaries);

describe("a list of traces that is being read", () => {
  const loaded = [aSummary({ Id: "b", StartTime: 20 }), aSummary({ Id: "a", StartTime: 10 })];

  it("keeps its order, and lets newcomers wait", () => {
    const merged = mergeArrived(
      loaded,
      arrivedOf(aSummary({ Id: "d", StartTime: 40 }), aSummary({ Id: "c", StartTime: 30 })),
    );
    expect(merged.traces.map((each) => each.Id)).toEqual(["b", "a"]);
    expect(merged.waiting).toBe(2);
  });

  it("renews a trace in its place when more of it is known", () => {
    const merged = mergeArrived(loaded, arrivedOf(aSummary({ Id: "a", StartTime: 10, Revision: 3, HasFault: true })));
    expect(merged.traces.map((each) => each.HasFault)).toEqual([false, true]);
    expect(merged.waiting).toBe(0);
  });

  it("does not announce late news of older traces, which are further down", () => {
    expect(mergeArrived(loaded, arrivedOf(aSummary({ Id: "old", StartTime: 1 }))).waiting).toBe(0);
  });

  it("shows a trace once that two pages hold", () => {
    expect(mergeArrived([...loaded, loaded[1]!], new Map()).traces).toHaveLength(2);
  });
});

describe("what a trace is called", () => {
  it("is the request that came in", () => {
    const summary = aSummary({ Http: { HttpMethod: "GET", HttpURL: "http://shop.local:80/orders?id=1" } });
    expect(entryWords(summary)).toEqual({ method: "GET", title: "/orders?id=1", service: "web" });
  });

  it("is the service where there was no request", () => {
    expect(entryWords(aSummary())).toEqual({ title: "web", service: "web" });
  });

  it("is the whole address where that is no URL", () => {
    expect([shortUrl("http://shop"), shortUrl("/a/b"), shortUrl("shop")]).toEqual(["/", "/a/b", "shop"]);
  });
});

describe("how a trace went", () => {
  it("is told by its entry; troubles inside are told beside it", () => {
    expect(traceState(aSummary({ HasError: true, HasThrottle: true }))).toBe("throttle");
    const cause = { ClientImpacting: false, Services: [] };
    const summary = aSummary({ HasThrottle: true, FaultRootCauses: [cause] });
    expect(traceState(summary)).toBe("ok");
    expect(hiddenTroubles(summary)).toEqual(["fault inside", "throttled inside"]);
  });

  it("names the exception at the end of the path", () => {
    const path = (name: string, exceptions: { Name: string; Message: string }[] = []) => ({
      Name: name,
      Names: [name],
      Type: "",
      Inferred: false,
      EntityPath: [{ Name: name, Remote: false, Exceptions: exceptions }],
    });
    const cause = {
      ClientImpacting: true,
      Services: [path("web"), path("orders", [{ Name: "TypeError", Message: "no price" }])],
    };
    expect(rootCauseLine(aSummary({ HasFault: true, FaultRootCauses: [cause] }))).toBe(
      "in orders: TypeError: no price",
    );
    expect(rootCauseLine(aSummary())).toBeUndefined();
  });
});

describe("a list that follows", () => {
  it("takes newcomers in above, once, the newest first", () => {
    const loaded = [aSummary({ Id: "b", StartTime: 20 }), aSummary({ Id: "a", StartTime: 10 })];
    const arrived = arrivedOf(
      aSummary({ Id: "c", StartTime: 30 }),
      aSummary({ Id: "d", StartTime: 40 }),
      aSummary({ Id: "b", StartTime: 20, Revision: 2 }),
      aSummary({ Id: "old", StartTime: 1 }),
    );
    const taken = takeArrived([], loaded, arrived);
    expect(taken.map(({ Id }) => Id)).toEqual(["d", "c"]);
    expect(takeArrived(taken, loaded, arrived).map(({ Id }) => Id)).toEqual(["d", "c"]);
    // One that began before those that were taken in, and ended after them, is new as well.
    const late = arrivedOf(aSummary({ Id: "late", StartTime: 25 }));
    expect(mergeArrived(loaded, late, taken).waiting).toBe(1);
    expect(takeArrived(taken, loaded, late).map(({ Id }) => Id)).toEqual(["d", "c", "late"]);
  });
});

describe("the order of a list", () => {
  const traces = [
    aSummary({ Id: "new", StartTime: 30, Duration: 1, SegmentCount: 2 }),
    aSummary({ Id: "failing", StartTime: 20, Duration: 1, HasFault: true, SegmentCount: 1 }),
    aSummary({ Id: "slow", StartTime: 10, Duration: 9, SegmentCount: 7 }),
  ];
  it.each([
    ["newest", ["new", "failing", "slow"]],
    ["slowest", ["slow", "new", "failing"]],
    ["worst", ["failing", "new", "slow"]],
    ["largest", ["slow", "new", "failing"]],
  ] as const)("%s is %j", (order, ids) => {
    expect(inOrder(traces, readOrder(order)).map(({ Id }) => Id)).toEqual(ids);
  });

  it("that an address does not name is the newest first", () => {
    expect([readOrder(undefined), readOrder("sideways")]).toEqual(["newest", "newest"]);
  });
});

it("two traces are picked at most, the last two", () => {
  expect(pickTrace(pickTrace(pickTrace([], "a"), "b"), "c")).toEqual(["b", "c"]);
  expect(pickTrace(["a", "b"], "a")).toEqual(["b"]);
});

it("a loop of calls and a cold start are told from the summary", () => {
  expect([4, 5].map((RepeatedCalls) => suspectsNPlusOne(aSummary({ RepeatedCalls })))).toEqual([false, true]);
  const cold = (key: string, BooleanValue: boolean) =>
    isColdStart(aSummary({ Annotations: { [key]: [{ AnnotationValue: { BooleanValue }, ServiceIds: [] }] } }));
  expect([
    cold("ColdStart", true),
    cold("faas.coldstart", true),
    cold("cold_start", false),
    cold("start", true),
  ]).toEqual([true, true, false, false]);
});
