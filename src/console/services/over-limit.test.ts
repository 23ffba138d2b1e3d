import { expect, it } from "vitest";
import { overLimit } from "./over-limit.ts";

const figures = { fault: 3, total: 100, p95: 0.4 };

it("a figure is over its limit when it is above it, and only then", () => {
  expect(overLimit(figures, { service: "web", faultPercent: 2, p95Seconds: 0.4 })).toEqual({ fault: true, p95: false });
  expect(overLimit(figures, { service: "web", faultPercent: 3, p95Seconds: 0.3 })).toEqual({ fault: false, p95: true });
});

it("what has no limit, or no calls, is over none", () => {
  expect(overLimit(figures, undefined)).toEqual({ fault: false, p95: false });
  expect(overLimit(figures, { service: "web" })).toEqual({ fault: false, p95: false });
  expect(overLimit({ fault: 0, total: 0, p95: undefined }, { service: "web", faultPercent: 0 })).toEqual({
    fault: false,
    p95: false,
  });
});
