import { describe, expect, it } from "vitest";
import {
  aDocument,
  anId,
  aStreamedSubsegment,
  aTraceId,
  aWireSegment,
  aWireSubsegment,
} from "../../../test/fixtures/builders.ts";
import { spanTree } from "../../analysis/span-tree.ts";
import { traceDocuments } from "../../trace/trace-documents.ts";
import { exportTrace } from "./export-trace.ts";
import { readTrace } from "./read-trace.ts";
import { readTraceFile } from "./read-trace-file.ts";

const hostile = '</pre><script>alert(1)</script><img src=x onerror="alert(2)">';
const call = anId();
const documents = [
  // Spaces and the order of members are the sender's own; they come back, too.
  `{ "name" : "shop", "id":"${anId()}", "trace_id":"${aTraceId}","start_time":1700000000.123456,"end_time":1700000001,
     "custom": [1.0, "x"], "subsegments": [${JSON.stringify(aWireSubsegment({ id: call, name: hostile, namespace: "remote" }))}] }`,
  aDocument({ name: "pay", parent_id: call, annotations: { hostile } }),
  aStreamedSubsegment({ parent_id: anId(), name: "orphan" }),
];
const trace = { id: aTraceId, documents };
const link = "http://127.0.0.1:2000/trace/1";

const textOf = (form: "xray" | "otlp" | "html" | "markdown"): string => {
  const { content } = exportTrace(trace, form, link);
  return typeof content === "string" ? content : new TextDecoder().decode(content);
};

describe("a trace that is taken away", () => {
  it("comes back from X-Ray JSON with its documents as they were, orphans too", () => {
    expect(readTraceFile(textOf("xray"))).toEqual({ kind: "documents", documents, traceIds: [aTraceId] });
  });

  it("comes back from OTLP JSON as the same rows", () => {
    const file = readTraceFile(textOf("otlp"));
    if (file.kind === "unreadable") throw new Error(file.reason);
    const names = (texts: readonly string[]): string[] =>
      spanTree(readTrace({ id: aTraceId, documents: texts }))
        .rows.map(({ segment }) => `${segment.id} ${segment.name}`)
        .sort();
    expect(names(file.documents)).toEqual(names(documents));
  });

  it("is one page of HTML in which nothing can run", () => {
    const page = textOf("html");
    expect(page).toContain(`<meta http-equiv="Content-Security-Policy" content="default-src 'none';`);
    expect(page).not.toMatch(/<script|<img|onerror="/i);
    expect(page).toContain("&#60;script&#62;alert(1)");
    expect(page.match(/<details>/g)?.length).toBe(4);
  });

  it("is Markdown with a link to where it can be seen", () => {
    expect(textOf("markdown")).toContain(`[Open in fluoroscope](<${link}>)`);
  });
});

describe("a file of traces", () => {
  const one = aWireSegment();
  const read = (text: string): readonly string[] | string => {
    const file = readTraceFile(text);
    return file.kind === "documents" ? file.documents : file.reason;
  };

  it("is read from one document, a list, lines, and the body of a request", () => {
    const text = JSON.stringify(one);
    expect(read(text)).toEqual([text]);
    expect(read(JSON.stringify([one, one]))).toEqual([text, text]);
    expect(read(`${text}\n${text}\n`)).toEqual([text, text]);
    expect(read(JSON.stringify({ TraceSegmentDocuments: [text] }))).toEqual([text]);
    expect(read(JSON.stringify({ id: aTraceId, revision: 1, documents: [text] }))).toEqual([text]);
  });

  it("is read from an answer of X-Ray's own API, without what that has made up", () => {
    const answered = traceDocuments(readTrace(trace)).map(({ id, document }) => ({ Id: id, Document: document }));
    expect(answered.some(({ Document }) => Document.includes('"inferred":true'))).toBe(false);
    const inferred = { Id: "1", Document: JSON.stringify({ ...one, inferred: true }) };
    expect(read(JSON.stringify({ Traces: [{ Segments: [...answered, inferred] }] }))).toEqual(
      answered.map(({ Document }) => Document),
    );
  });

  it.each(["", "no JSON", '{"id":', "[]", "{}", "17", '"text"', '{"resourceSpans":[]}', '[["[1"]]'])(
    "is not read from %j, and says why",
    (text) => {
      expect(readTraceFile(text)).toMatchObject({
        kind: "unreadable",
        reason: expect.stringMatching(/^(It is|There is)/),
      });
    },
  );

  it("has its traces named, each once", () => {
    const file = readTraceFile(JSON.stringify([one, aWireSegment({ trace_id: aTraceId.toUpperCase() })]));
    expect(file).toMatchObject({ traceIds: [aTraceId] });
  });
});
