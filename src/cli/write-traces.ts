import type { BatchGetTracesResponse, WireTrace } from "../api/wire.ts";
import type { Server } from "../ask/ask-server.ts";
import { traceLink } from "../ask/console-links.ts";
import { type FetchedTrace, fetchTrace } from "../ask/fetch-trace.ts";
import { writeOtlpJson } from "../otel/otlp-json.ts";
import { segmentsToSpans } from "../otel/segment-to-spans.ts";
import type { TraceForm } from "./common-options.ts";
import { escapedJson, jsonText } from "./term/json-text.ts";

/** Traces by their ids in a form for other programs, in pieces. Those that are gone by now are left out. */
export async function* writeTraces(server: Server, ids: readonly string[], form: TraceForm): AsyncGenerator<string> {
  const found: FetchedTrace[] = [];
  for (const id of ids) {
    const trace = await fetchTrace(server, id);
    if (trace === undefined) continue;
    if (form === "otlp" || form === "xray") found.push(trace);
    else yield* writeTrace(trace, form, traceLink(server, id));
  }
  if (form === "otlp" || form === "xray") yield join(found, form);
}

/** One trace in such a form. `link` is where the console shows it, if there is one. */
export async function* writeTrace(found: FetchedTrace, form: TraceForm, link?: string): AsyncGenerator<string> {
  if (form === "otlp" || form === "xray") {
    yield join([found], form);
    return;
  }
  const { spanTree } = await import("../analysis/span-tree.ts");
  const tree = spanTree(found.trace);
  if (form === "logfmt") {
    const { writeLogfmt } = await import("../analysis/write-logfmt.ts");
    yield writeLogfmt(tree, { traceId: found.trace.id });
    return;
  }
  if (form === "mermaid") {
    const { mermaidSequence } = await import("../analysis/mermaid-sequence.ts");
    yield `${mermaidSequence(tree).trimEnd()}\n`;
    return;
  }
  const { writeMarkdown } = await import("../analysis/write-markdown.ts");
  yield writeMarkdown(tree, { traceId: found.trace.id, ...(link !== undefined && { link }) });
}

/** Forms that are one text, however many traces there are. */
function join(found: readonly FetchedTrace[], form: "otlp" | "xray"): string {
  if (form === "xray") {
    const answer: BatchGetTracesResponse = { Traces: found.map(wireTrace), UnprocessedTraceIds: [] };
    return `${jsonText(answer, 2)}\n`;
  }
  const spans = found.flatMap(({ trace }) =>
    segmentsToSpans([...trace.segments.filter(({ inferred }) => !inferred), ...trace.orphans]),
  );
  return `${escapedJson(new TextDecoder().decode(writeOtlpJson(spans)))}\n`;
}

/** As `aws xray batch-get-traces` prints it, with the documents as they came. */
function wireTrace({ trace, documents }: FetchedTrace): WireTrace {
  return {
    Id: trace.id,
    Duration: Math.round((trace.endSeconds - trace.startSeconds) * 1_000) / 1_000,
    LimitExceeded: false,
    Segments: documents.map((Document) => {
      const { id } = JSON.parse(Document) as { readonly id?: unknown };
      return { Id: String(id), Document };
    }),
  };
}
