import { expect, it } from "vitest";
import { aDocument, anId, aStreamedSubsegment } from "../../../test/fixtures/builders.ts";
import { assembleTrace } from "../../trace/assemble-trace.ts";
import type { TraceDigest } from "../../trace/digest.ts";
import { digestTrace } from "../../trace/digest-trace.ts";
import { segmentsOf } from "../segments-of.ts";
import { earlierHours, hourOf, hoursOf, minutesIn, minutesOf, strayHour, withStrays } from "./trace-hour.ts";

const hour = 472_000;
const start = hour * 3600;
const traceId = `1-${start.toString(16)}-000000000000000000000001`;
const segments = (...texts: string[]) => texts.flatMap((text) => segmentsOf(text, traceId));
const digestOf = (...texts: string[]): TraceDigest => digestTrace(assembleTrace(traceId, segments(...texts)), 1);
const between = (from: number, to: number, members: object = {}) =>
  aDocument({ trace_id: traceId, start_time: start + from, end_time: start + to, ...members });

it("a trace stands under the hour of its start, unless it reaches beyond the next", () => {
  expect(hourOf(digestOf(between(0, 1)))).toBe(hour);
  expect(hourOf(digestOf(between(3599, 7199)))).toBe(hour);
  expect(hourOf(digestOf(between(3599, 7200)))).toBe(strayHour);
  expect(hourOf(digestOf(between(7200, 7201)))).toBe(strayHour);
  expect(hourOf(digestOf(between(100_000, 100_001)))).toBe(hour + 27);
});

it("what a question looks at has every trace that reaches into its range", () => {
  expect(hoursOf({ startSeconds: start, endSeconds: start + 10 })).toEqual({ first: hour - 1, last: hour });
  expect(withStrays({ first: 3, last: 4 })).toBe("(hour = 0 OR hour BETWEEN 3 AND 4)");
  expect(hoursOf({ startSeconds: -5, endSeconds: Number.MAX_VALUE })).toEqual({ first: 0, last: 2 ** 32 - 1 });
});

it("a trace can have stood earlier where one of its documents begins, and among the strays where it is long", () => {
  const near = [between(10, 20), between(30, 40)];
  expect(earlierHours(digestOf(...near), segments(...near))).toEqual([]);
  const moved = [between(3610, 3620), between(10, 20)];
  expect(earlierHours(digestOf(...moved), segments(...moved)).toSorted()).toEqual([strayHour, hour + 1]);
  const shortened = [between(10, 20), between(0, 9000, { id: anId() })];
  expect(earlierHours(digestOf(shortened[0]!), segments(...shortened))).toEqual([strayHour]);
});

it("the minutes of its documents are all in which any version of a trace can count", () => {
  const parent = anId();
  const late = aStreamedSubsegment({
    ...{ trace_id: traceId, parent_id: parent, namespace: "remote", name: "a.example" },
    ...{ start_time: start + 130, end_time: start + 190 },
  });
  const texts = [between(10, 70, { id: parent }), late];
  const first = start / 60;
  expect([...minutesOf(digestOf(...texts))].toSorted()).toEqual([first + 1, first + 3]);
  expect([...minutesIn(segments(...texts))].toSorted()).toEqual([first, first + 1, first + 2, first + 3]);
});
