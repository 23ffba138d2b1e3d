import { expect, it } from "vitest";
import { tracePlace } from "./trace-place.ts";

const idOf = (number: number): string => `1-6553f100-${number.toString(16).padStart(24, "0")}`;

it("a share of the places has that share of the traces, even of ids that are counted up", () => {
  const places = Array.from({ length: 50_000 }, (_, number) => tracePlace(idOf(number)));
  for (const share of [0.01, 0.1, 0.5]) {
    const kept = places.filter((place) => place < share).length;
    const deviation = Math.sqrt(places.length * share * (1 - share));
    expect(Math.abs(kept - places.length * share)).toBeLessThan(4 * deviation);
  }
});

it("a trace has one place, today and tomorrow", () => {
  expect(tracePlace("1-6553f100-000000000000000000000001")).toBeCloseTo(0.691647, 6);
});
