import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { segmentsToSpans } from "../../src/otel/segment-to-spans.ts";
import { spansToDocuments } from "../../src/otel/spans-to-documents.ts";
import { parseSegment } from "../../src/trace/parse-segment.ts";
import { parsed } from "../fixtures/builders.ts";
import { aSpanRequest, type Plain, type PlainSpan, plainSpan } from "../fixtures/span-builders.ts";

/** One span of a service, and the document that it becomes, but for members that every vector has. */
interface SpanVector {
  readonly title: string;
  readonly resource?: Plain;
  readonly span: PlainSpan;
  readonly document: object;
}

/** A document, and the spans and the resource that it becomes. */
interface SegmentVector {
  readonly title: string;
  readonly document: object;
  readonly resource: object;
  readonly spans: readonly object[];
}

const folder = new URL("../fixtures/otel/", import.meta.url);
const read = <Vector>(file: string): readonly Vector[] => JSON.parse(readFileSync(new URL(file, folder), "utf8"));

const common = {
  trace_id: "1-6553f100-000000000000000000000001",
  id: "00000000000000a1",
  start_time: 1_700_000_000,
  end_time: 1_700_000_001,
};

/** The document of a span that came alone. */
function documentOf({ resource = {}, span }: SpanVector): object {
  const { documents, refused } = spansToDocuments(aSpanRequest([{ resource, spans: [span] }]));
  expect([documents.length, refused]).toEqual([1, []]);
  expect(parseSegment(documents[0]!.text)).toMatchObject({ kind: "segments", problems: [] });
  return JSON.parse(documents[0]!.text);
}

describe.each(readdirSync(new URL("spans/", folder)))("spans become documents: %s", (file) => {
  it.each(read<SpanVector>(`spans/${file}`))("$title", (vector) => {
    const isInProgress = "in_progress" in vector.document;
    const { end_time, ...others } = common;
    expect(documentOf(vector)).toEqual({ ...others, ...(!isInProgress && { end_time }), ...vector.document });
  });
});

describe("documents become spans", () => {
  it.each(read<SegmentVector>("segments.json"))("$title", ({ document, resource, spans }) => {
    const [group] = segmentsToSpans(parsed(JSON.stringify(document)));
    expect(Object.fromEntries(group!.resource.attributes)).toEqual(resource);
    expect(group!.spans.map(plainSpan)).toEqual(spans);
  });
});
