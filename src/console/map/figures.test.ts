import { expect, it } from "vitest";
import { someFigures } from "../../../test/fixtures/map-views.ts";
import { sumFigures } from "./figures.ts";

it("figures of several together count all their calls and times", () => {
  const sum = sumFigures([someFigures(9, 0.1), someFigures(1, 2, 1), someFigures(0)], 60);
  expect(sum).toMatchObject({ ok: 9, fault: 1, total: 10, p50: 0.1, p99: 2, perSecond: 10 / 60 });
  expect(sum.meanSeconds).toBeCloseTo(0.29);
  expect(sum.histogram).toEqual([
    { seconds: 0.1, count: 9 },
    { seconds: 2, count: 1 },
  ]);
});

it("figures of several together say how many of them were not kept, if some were not", () => {
  const half = { ...someFigures(10, 0.1), estimated: 5 };
  expect(sumFigures([half, someFigures(3, 0.1), half], 60)).toMatchObject({ total: 23, estimated: 10 });
  expect(sumFigures([someFigures(3, 0.1), someFigures(3, 0.1)], 60)).not.toHaveProperty("estimated");
});
