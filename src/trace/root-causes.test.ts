import { describe, expect, it } from "vitest";
import { aDocument, anId, aTraceId, aWireSubsegment, parsed, type Wire } from "../../test/fixtures/builders.ts";
import { assembleTrace } from "./assemble-trace.ts";
import type { RootCause } from "./digest.ts";
import { rootCauses } from "./root-causes.ts";

function theCauses(...documents: readonly string[]): ReturnType<typeof rootCauses> {
  return rootCauses(assembleTrace(aTraceId, parsed(...documents)));
}

/** `service[entity,entity] service[entity]` for each cause. */
function paths(causes: readonly RootCause[]): string[] {
  return causes.map(({ services }) =>
    services.map(({ node, entities }) => `${node.name}[${entities.map((each) => each.name).join(",")}]`).join(" "),
  );
}

describe("a fault's cause", () => {
  it("is the deepest place that has the flag, and every such place", () => {
    const query = aWireSubsegment({ name: "query", fault: true });
    const call = aWireSubsegment({ name: "lb", namespace: "remote", fault: true });
    const causes = theCauses(
      aDocument({
        start_time: 1,
        fault: true,
        subsegments: [aWireSubsegment({ name: "handler", subsegments: [query] }), call],
      }),
      aDocument({
        name: "backend",
        parent_id: call.id,
        fault: true,
        subsegments: [aWireSubsegment({ name: "parse" })],
      }),
    );
    expect(paths(causes.faultCauses)).toEqual(["shop[shop,handler,query]", "shop[shop,lb] backend[backend]"]);
    expect(causes.faultCauses.map((cause) => cause.clientImpacting)).toEqual([true, true]);
    expect(causes.errorCauses).toEqual([]);
  });

  it("that the entry did not pass on does not impact the client", () => {
    const call = aWireSubsegment({ name: "db", namespace: "remote", fault: true });
    const [cause] = theCauses(aDocument({ subsegments: [call] })).faultCauses;
    expect(cause).toMatchObject({
      clientImpacting: false,
      services: [{ inferred: false }, { inferred: true, node: { type: "remote" } }],
    });
    expect(cause!.services[0]!.entities.map((entity) => entity.remote)).toEqual([false, true]);
  });

  it("tells the exceptions of the last place, and those recorded above it", () => {
    const exceptions = (type: string): Wire => ({ cause: { exceptions: [{ id: anId(), type, message: `${type}!` }] } });
    const inner = aWireSubsegment({ name: "inner", fault: true, ...exceptions("Inner") });
    const outer = aWireSubsegment({ name: "outer", fault: true, ...exceptions("Outer"), subsegments: [inner] });
    const [cause] = theCauses(aDocument({ fault: true, cause: { id: inner.id }, subsegments: [outer] })).faultCauses;
    expect(cause!.services[0]!.entities.map((entity) => entity.exceptions)).toEqual([
      [],
      [{ name: "Outer", message: "Outer!" }],
      [{ name: "Inner", message: "Inner!" }],
    ]);
  });

  it.each([
    ["exception", (exceptionId: string) => exceptionId],
    ["subsegment", (_: string, subsegmentId: string) => ({ id: subsegmentId })],
  ])("that points at an %s further down tells that one's exceptions", (_, causeOf) => {
    const exceptionId = anId();
    const handled = aWireSubsegment({
      cause: { exceptions: [{ id: exceptionId, type: "Timeout", message: "too slow" }] },
    });
    const [cause] = theCauses(
      aDocument({ fault: true, cause: causeOf(exceptionId, handled.id as string), subsegments: [handled] }),
    ).faultCauses;
    expect(cause!.services[0]!.entities[0]!.exceptions).toEqual([{ name: "Timeout", message: "too slow" }]);
  });

  it("is one of ten at most", () => {
    const calls = Array.from({ length: 30 }, () => aWireSubsegment({ namespace: "remote", fault: true }));
    expect(theCauses(aDocument({ subsegments: calls })).faultCauses).toHaveLength(10);
  });

  it("is found among services that call each other in a circle", () => {
    const [first, second] = [aWireSubsegment({ name: "x" }), aWireSubsegment({ name: "y" })];
    const causes = theCauses(
      aDocument({ name: "a", start_time: 1, parent_id: second.id, subsegments: [first] }),
      aDocument({ name: "b", fault: true, parent_id: first.id, subsegments: [second] }),
    );
    expect(paths(causes.faultCauses)).toEqual(["a[a,x] b[b]"]);
  });
});

describe("the response time's cause", () => {
  it("follows the longest step while it covers half of the one above", () => {
    const call = aWireSubsegment({ name: "get_temperature", namespace: "remote", start_time: 0.1, end_time: 0.9 });
    const causes = theCauses(
      aDocument({
        name: "GetWeatherData",
        start_time: 0,
        end_time: 1,
        subsegments: [call, aWireSubsegment({ start_time: 0, end_time: 0.1 })],
      }),
      aDocument({
        name: "GetTemperature",
        parent_id: call.id,
        start_time: 0.15,
        end_time: 0.85,
        subsegments: [aWireSubsegment({ start_time: 0.2, end_time: 0.5 })],
      }),
    ).responseTimeCauses;
    expect(paths(causes)).toEqual(["GetWeatherData[GetWeatherData,get_temperature] GetTemperature[GetTemperature]"]);
    expect(causes[0]!.services.flatMap((each) => each.entities.map((entity) => entity.coverage))).toEqual([
      1, 0.8, 0.7,
    ]);
    expect(causes[0]!.clientImpacting).toBe(true);
  });

  it("is none when no step covers half, nor while the entry runs", () => {
    const step = aWireSubsegment({ start_time: 0, end_time: 0.49 });
    expect(theCauses(aDocument({ start_time: 0, end_time: 1, subsegments: [step] })).responseTimeCauses).toEqual([]);
    expect(theCauses(aDocument({ start_time: 0, in_progress: true, subsegments: [step] })).responseTimeCauses).toEqual(
      [],
    );
  });

  it("is not what began after the entry had ended", () => {
    const late = aWireSubsegment({ start_time: 1.5, end_time: 9 });
    expect(theCauses(aDocument({ start_time: 0, end_time: 1, subsegments: [late] })).responseTimeCauses).toEqual([]);
  });

  it("covers the whole at most, however long the callee goes on", () => {
    const call = aWireSubsegment({ namespace: "remote", start_time: 0, end_time: 0.9 });
    const causes = theCauses(
      aDocument({ start_time: 0, end_time: 1, subsegments: [call] }),
      aDocument({ parent_id: call.id, start_time: 0.1, end_time: 60 }),
    );
    expect(causes.responseTimeCauses[0]!.services[1]!.entities[0]!.coverage).toBe(1);
  });
});
