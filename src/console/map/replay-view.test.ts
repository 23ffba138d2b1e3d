import { expect, it } from "vitest";
import { aMap } from "../../../test/fixtures/map-views.ts";
import { replayView } from "./replay-view.ts";

it("a step of a range has the whole range's services, those without calls idle", () => {
  const whole = aMap(["client:web>web", "web>a", "web>b"]);
  const step = aMap(["client:web>web", "web>a"]);
  const shown = replayView(whole, step);
  expect(shown.nodes.map(({ key }) => key)).toEqual(whole.nodes.map(({ key }) => key));
  expect(shown.nodes.map(({ id, isIdle }) => [id.name, isIdle])).toEqual([
    ["web", undefined],
    ["web", false],
    ["a", false],
    ["b", true],
  ]);
  expect(shown.edges.map(({ figures }) => figures.total)).toEqual([10, 10, 0]);
});
