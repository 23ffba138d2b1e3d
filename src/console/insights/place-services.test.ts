import { expect, it } from "vitest";
import type { WireImpactService } from "../../api/wire-insights.ts";
import { placeServices } from "./place-services.ts";

/** Services by the numbers of those they call. */
function placed(...calls: readonly (readonly number[])[]): string[] {
  const services = calls.map(
    (to, ReferenceId): WireImpactService => ({
      ReferenceId,
      Name: `s${ReferenceId}`,
      Edges: to.map((each) => ({ ReferenceId: each })),
    }),
  );
  return placeServices(services).map(({ service, column, row }) => `${service.Name} ${column},${row}`);
}

it("a service is right of all that call it", () => {
  expect(placed([1, 2], [2], [])).toEqual(["s0 0,0", "s1 1,0", "s2 2,0"]);
  expect(placed([2, 3], [2], [], [])).toEqual(["s0 0,0", "s1 0,1", "s2 1,0", "s3 1,1"]);
});

it("services that call each other in a ring have places, too", () => {
  expect(placed([1], [2], [0])).toEqual(["s0 0,0", "s1 1,0", "s2 2,0"]);
  expect(placed([0])).toEqual(["s0 0,0"]);
  expect(placed([9])).toEqual(["s0 0,0"]);
});
