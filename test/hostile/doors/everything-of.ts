import { mermaidMap } from "../../../src/analysis/mermaid-map.ts";
import { mermaidSequence } from "../../../src/analysis/mermaid-sequence.ts";
import { repeatedCalls } from "../../../src/analysis/repeated-calls.ts";
import { spanTree } from "../../../src/analysis/span-tree.ts";
import { traceTable } from "../../../src/analysis/trace-table.ts";
import { writeHtml } from "../../../src/analysis/write-html.ts";
import { writeLogfmt } from "../../../src/analysis/write-logfmt.ts";
import { writeMarkdown } from "../../../src/analysis/write-markdown.ts";
import { OpenTrace } from "../../../src/api/trace-open.ts";
import { wireGraph } from "../../../src/api/wire-graph.ts";
import { wireSummary } from "../../../src/api/wire-summary.ts";
import { makeStyle } from "../../../src/cli/term/style.ts";
import { drawTrace } from "../../../src/cli/trace-report.ts";
import { compileFilter } from "../../../src/filter/evaluate.ts";
import { parseFilter } from "../../../src/filter/parser.ts";
import { serviceGraph } from "../../../src/graph/build-graph.ts";
import { decodeJson } from "../../../src/otel/decode-json.ts";
import { writeOtlpJson } from "../../../src/otel/otlp-json.ts";
import { segmentsToSpans } from "../../../src/otel/segment-to-spans.ts";
import { spansToDocuments } from "../../../src/otel/spans-to-documents.ts";
import { keepDocuments } from "../../../src/store/keep-documents.ts";
import { readDocuments } from "../../../src/store/read-documents.ts";
import { assembleTrace } from "../../../src/trace/assemble-trace.ts";
import { digestTrace } from "../../../src/trace/digest-trace.ts";
import { parseSegment } from "../../../src/trace/parse-segment.ts";
import { summarise } from "../../../src/trace/summarise.ts";
import type { Trace } from "../../../src/trace/trace.ts";
import { traceDocuments } from "../../../src/trace/trace-documents.ts";

const style = makeStyle({ columns: 80, colour: false });
const filter = compileFilter(
  parseFilter('fault = true OR service("web") { error } OR annotation.a CONTAINS "x" OR duration > 1'),
);
/** What moves a cursor, ends a line or turns the direction of reading. */
const unsafe = /[\p{Cc}\p{Cf}\u2028\u2029]/u;

/**
 * Takes documents as the store does, and asks of what came of them all that anybody may ask: whatever is taken must be told
 * again, in every form. Answers how many traces there were.
 */
export function everythingOf(documents: readonly Uint8Array[]): number {
  let traces = 0;
  for (const [id, arrived] of readDocuments(
    documents.map((bytes) => ({ bytes })),
    [],
  )) {
    const kept = keepDocuments([], arrived);
    if (kept === undefined) continue;
    traces += 1;
    const trace = assembleTrace(id, kept.segments);
    tellFigures(trace);
    tellForms(trace);
    const open = new OpenTrace({ id, revision: 1, documents: kept.documents.map(({ text }) => text) });
    open.skeleton();
    for (const { id: segment } of trace.segments) JSON.stringify(open.segment(segment));
    open.search("a");
    // What BatchGetTraces answers is read again.
    for (const { document } of traceDocuments(trace)) {
      if (parseSegment(document, { maxBytes: Number.POSITIVE_INFINITY }).kind !== "segments") {
        throw new Error(`An answer cannot be read again: ${document}`);
      }
    }
  }
  return traces;
}

function tellFigures(trace: Trace): void {
  const digest = digestTrace(trace, 1);
  filter(digest);
  JSON.stringify(wireSummary(summarise(digest)));
  const graph = serviceGraph([digest], 0, 1e11);
  JSON.stringify(wireGraph(graph));
  mermaidMap(graph);
}

function tellForms(trace: Trace): void {
  const tree = spanTree(trace);
  repeatedCalls(tree);
  traceTable(tree);
  mermaidSequence(tree);
  writeLogfmt(tree, { traceId: trace.id });
  const html = writeHtml(tree, { traceId: trace.id });
  if (
    /<(?!\/?(?:html|head|meta|title|style|body|header|h1|p|code|b|main|details|summary|span|i|small|pre|footer)\b|!doctype)/.test(
      html,
    )
  ) {
    throw new Error("The page has an element that is not ours.");
  }
  writeMarkdown(tree, { traceId: trace.id });
  for (const line of drawTrace(trace, [], { style })) {
    if (unsafe.test(line)) throw new Error(`The terminal would be sent ${JSON.stringify(line)}.`);
  }
  const spans = decodeJson(writeOtlpJson(segmentsToSpans(trace.segments)));
  if (spans.kind === "undecodable") throw new Error(`OTLP cannot be read again: ${spans.reason}`);
  spansToDocuments(spans.request);
}
