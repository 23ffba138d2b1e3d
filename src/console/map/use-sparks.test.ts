import { expect, it } from "vitest";
import type { ServicesSeries } from "../../api/wire-services.ts";
import { nodeKey } from "./map-view.ts";
import { sparksOf } from "./use-sparks.ts";

it("each service's calls are shares of its own most, under the key that it has on the map", () => {
  const series = {
    startSeconds: 0,
    periodSeconds: 60,
    services: [
      { name: "web", total: [2, 4, 0], fault: [0, 0, 0], p95: [0, 0, 0] },
      { name: "db", type: "Database::SQL", total: [0, 0, 0], fault: [0, 0, 0], p95: [0, 0, 0] },
    ],
  } as unknown as ServicesSeries;
  const sparks = sparksOf(series);
  expect(sparks.get(nodeKey({ name: "web" }))).toEqual([0.5, 1, 0]);
  expect(sparks.get(nodeKey({ name: "db", type: "Database::SQL" }))).toEqual([0, 0, 0]);
});
