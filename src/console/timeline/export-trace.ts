import { spanTree } from "../../analysis/span-tree.ts";
import { writeHtml } from "../../analysis/write-html.ts";
import { writeMarkdown } from "../../analysis/write-markdown.ts";
import { writeOtlpJson } from "../../otel/otlp-json.ts";
import { segmentsToSpans } from "../../otel/segment-to-spans.ts";
import { readJson } from "../../trace/read-json.ts";
import { readTrace } from "./read-trace.ts";

/** What a trace can be taken away as. */
export type ExportForm = "xray" | "otlp" | "html" | "markdown";

/** A file to be saved. */
export interface ExportFile {
  readonly name: string;
  readonly type: string;
  readonly content: string | Uint8Array<ArrayBuffer>;
}

/** A trace as a file of such a form. `link` is where it can be seen. */
export function exportTrace(
  trace: { readonly id: string; readonly documents: readonly string[] },
  form: ExportForm,
  link: string,
): ExportFile {
  const { id } = trace;
  switch (form) {
    case "xray":
      return { name: `${id}.xray.json`, type: "application/json", content: writeXray(trace) };
    case "otlp": {
      const { segments, orphans } = readTrace(trace);
      const spans = segmentsToSpans([...segments.filter(({ inferred }) => !inferred), ...orphans]);
      return { name: `${id}.otlp.json`, type: "application/json", content: new Uint8Array(writeOtlpJson(spans)) };
    }
    case "html":
      return { name: `${id}.html`, type: "text/html", content: writeHtml(spanTree(readTrace(trace)), { traceId: id }) };
    case "markdown":
      return {
        name: `${id}.md`,
        type: "text/markdown",
        content: writeMarkdown(spanTree(readTrace(trace)), { traceId: id, link }),
      };
  }
}

/** As `aws xray batch-get-traces` prints it, with the documents as they came: nothing is lost when it comes back. */
function writeXray({ id, documents }: { readonly id: string; readonly documents: readonly string[] }): string {
  const { startSeconds, endSeconds } = readTrace({ id, documents });
  const Segments = documents.map((Document) => ({ Id: idOf(Document), Document }));
  const Duration = Math.round((endSeconds - startSeconds) * 1_000) / 1_000;
  const answer = { Traces: [{ Id: id, Duration, LimitExceeded: false, Segments }], UnprocessedTraceIds: [] };
  return `${JSON.stringify(answer, undefined, 2)}\n`;
}

function idOf(document: string): string {
  const json = readJson(document);
  const value = "value" in json ? json.value : undefined;
  const first: unknown = Array.isArray(value) ? value[0] : value;
  return typeof first === "object" && first !== null && "id" in first ? String(first.id) : "";
}
