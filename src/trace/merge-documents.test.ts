import { expect, it } from "vitest";
import { aSegment } from "../../test/fixtures/builders.ts";
import { keepNewest } from "./merge-documents.ts";

const id = "53995c3f42cd8ad8";
const running = aSegment({ id, in_progress: true });
const finished = aSegment({ id });
const corrected = aSegment({ id, fault: true });
const subsegment = aSegment({ id, type: "subsegment", parent_id: "0000000000000001" });

it("documents about different segments are all kept, in their order of arrival", () => {
  const arrived = [finished, aSegment(), aSegment({ in_progress: true })];
  expect(keepNewest(arrived)).toEqual(arrived);
});

it.each([
  ["a finished document replaces one in progress", [running, finished], finished],
  ["one in progress does not replace a finished one", [finished, running], finished],
  ["a later finished document replaces an earlier one", [finished, running, corrected], corrected],
  [
    "a later report of progress replaces an earlier one",
    [aSegment({ id, in_progress: true, user: "a" }), running],
    running,
  ],
])("%s", (_, arrived, kept) => {
  expect(keepNewest(arrived)).toEqual([kept]);
});

it("a segment and a subsegment that share an id are two things", () => {
  expect(keepNewest([finished, subsegment])).toHaveLength(2);
});
