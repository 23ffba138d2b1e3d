import fc from "fast-check";
import { expect, it } from "vitest";
import { aDocument, anId, aStreamedSubsegment, aWireSubsegment } from "../../test/fixtures/builders.ts";
import { readDocuments } from "./read-documents.ts";
import type { Refusal } from "./trace-store.ts";

function read(...texts: string[]) {
  const outcomes = new Array<Refusal | undefined>(texts.length).fill(undefined);
  const traces = [
    ...readDocuments(
      texts.map((text) => ({ bytes: Buffer.from(text) })),
      outcomes,
    ),
  ];
  return { traces, outcomes: outcomes.map((outcome) => outcome?.problem.code) };
}

const first = "1-6553f100-000000000000000000000001";
const second = "1-6553f100-000000000000000000000002";

it("each trace comes once, its documents in order of arrival, however they spell its id", () => {
  const texts = [
    aDocument({ trace_id: second, name: "a" }),
    aDocument({ trace_id: "6553F100000000000000000000000001", name: "b" }),
    // The name of the member stands twice, and once with an escape: these are parsed to know where they belong.
    aDocument({ trace_id: first, name: "c", metadata: { trace_id: second } }),
    aDocument({ trace_id: first, name: "d" }).replace('"trace_id"', '"trace\\u005fid"'),
    aDocument({ trace_id: first, name: "e" }).replace('"trace_id":', '"trace_id" : '),
  ];
  const { traces, outcomes } = read(...texts);
  expect(outcomes).toEqual([undefined, undefined, undefined, undefined, undefined]);
  expect(traces.map(([id, documents]) => [id, documents.map(({ segments }) => segments[0]!.name)])).toEqual([
    [second, ["a"]],
    [first, ["b", "c", "d", "e"]],
  ]);
});

it("a trace id that stands only further down is none", () => {
  const { traces, outcomes } = read(aDocument({ trace_id: undefined, metadata: { trace_id: first } }));
  expect(traces).toEqual([]);
  expect(outcomes).toEqual(["MissingTraceId"]);
});

it("an embedded subsegment may repeat its trace's id", () => {
  const subsegments = [aWireSubsegment({ trace_id: first })];
  expect(read(aDocument({ trace_id: first, subsegments })).traces.map(([id]) => id)).toEqual([first]);
});

it("a list of subsegments goes to every trace that it names, with those that belong there", () => {
  const list = [first, second, first].map((trace_id) =>
    JSON.parse(aStreamedSubsegment({ trace_id, parent_id: anId() })),
  );
  const { traces } = read(JSON.stringify(list));
  expect(traces.map(([id, [document]]) => [id, document!.segments.length])).toEqual([
    [first, 2],
    [second, 1],
  ]);
});

it("whatever arrives has an outcome, and never makes the reading fail", () => {
  const soup = fc.array(
    fc.oneof(fc.string(), fc.json(), fc.constantFrom('{"trace_id"', '"trace_id":"1-', '{"trace_id":"x"}')),
  );
  fc.assert(
    fc.property(soup, (texts) => {
      const { traces, outcomes } = read(...texts);
      expect(traces).toEqual([]);
      expect(outcomes.every((code) => code !== undefined)).toBe(true);
    }),
  );
});
