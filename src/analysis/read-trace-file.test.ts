import { expect, it } from "vitest";
import { readTraceFile } from "./read-trace-file.ts";

const first = '{"trace_id":"1-5759e988-bd862e3fe1be46a994272793","id":"defdfd9912dc5a56", "big":12345678901234567890}';
const second = '{"trace_id":"1-5759e988-bd862e3fe1be46a994272793","id":"aefdfd9912dc5a56"}';
const both = { kind: "documents", documents: [first, second] };
const otlp = '{"resourceSpans":[]}';

it("documents one a line are taken as they were written", () => {
  expect(readTraceFile(`${first}\n\n${second}\n`)).toEqual(both);
  expect(readTraceFile(`${first}\n`)).toEqual({ kind: "documents", documents: [first] });
});

it.each([
  ["an array of texts", JSON.stringify([first, second])],
  [
    "what BatchGetTraces answers",
    JSON.stringify({ Traces: [{ Segments: [{ Document: first }, { Document: second }] }] }),
  ],
  ["a body of PutTraceSegments", JSON.stringify({ TraceSegmentDocuments: [first, second] })],
  ["our own answer", JSON.stringify({ id: "1-2-3", documents: [first, second] })],
])("%s has its documents taken out", (_, text) => {
  expect(readTraceFile(text)).toEqual(both);
});

it("an array of documents is taken too", () => {
  const { big: _, ...plain } = JSON.parse(first);
  expect(readTraceFile(JSON.stringify([plain], undefined, 2))).toEqual({
    kind: "documents",
    documents: [JSON.stringify(plain)],
  });
});

it("OpenTelemetry's requests are left whole", () => {
  expect(readTraceFile(`${otlp}\n${otlp}\n`)).toEqual({ kind: "otlp", requests: [otlp, otlp] });
});

it.each([
  ["", /empty/],
  ["{}", /something else/],
  ["[]", /no traces/],
  [`${first}\nnot json`, /^Line 2 is not JSON/],
  [`${first}\n${otlp}`, /mixes/],
  ['["[]"]', /something else/],
])("%j is told to be unreadable, with what can be read", (text, message) => {
  expect(readTraceFile(text)).toEqual({ kind: "unreadable", message: expect.stringMatching(message) });
  expect(readTraceFile(text)).toEqual({ kind: "unreadable", message: expect.stringContaining("BatchGetTraces") });
});
