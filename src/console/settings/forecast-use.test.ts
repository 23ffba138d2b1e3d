import { expect, it } from "vitest";
import { forecastUse } from "./forecast-use.ts";

const day = 86_400;
const keeps = { retentionSeconds: 7 * day, maxBytes: 10e9 };

it("a store that age keeps small grows until its oldest trace is old enough", () => {
  const forecast = forecastUse({ bytes: 1e9, oldestSeconds: 0 }, keeps, day);
  expect(forecast).toMatchObject({ share: 0.1, settlesAtBytes: 7e9, limitedBy: "age" });
  expect(forecast!.inSeconds).toBeCloseTo(6 * day);
});

it("a store that gets more than it may keep is limited by its size, and a small disk before that", () => {
  expect(forecastUse({ bytes: 5e9, oldestSeconds: 0 }, keeps, day)).toMatchObject({
    settlesAtBytes: 10e9,
    limitedBy: "size",
    inSeconds: day,
  });
  const small = { ...keeps, freeBytes: 1e9 };
  expect(forecastUse({ bytes: 5e9, oldestSeconds: 0 }, small, day)).toMatchObject({
    settlesAtBytes: 6e9,
    limitedBy: "disk",
  });
});

it("a store that has reached its age does not grow", () => {
  expect(forecastUse({ bytes: 1e9, oldestSeconds: 0 }, keeps, 7 * day)!.inSeconds).toBe(0);
});

it("too short a time says nothing", () => {
  expect(forecastUse({ bytes: 1e9, oldestSeconds: 0 }, keeps, 5)).toBeUndefined();
  expect(forecastUse({ bytes: 0 }, keeps, day)).toBeUndefined();
  expect(forecastUse({ bytes: 1e9, oldestSeconds: 0 }, {}, day)).toBeUndefined();
});
