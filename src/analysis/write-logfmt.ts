import { plainText } from "./plain-text.ts";
import { selfSeconds } from "./self-time.ts";
import type { SpanRow, SpanTree } from "./span-tree.ts";

/** A trace in logfmt: one line a row, in the order of the waterfall, ending in a line feed. */
export function writeLogfmt(tree: SpanTree, { traceId }: { readonly traceId: string }): string {
  const self = selfSeconds(tree);
  return tree.rows.map((row) => `${lineOf(tree, row, traceId, self[row.index]!)}\n`).join("");
}

function lineOf(tree: SpanTree, row: SpanRow, traceId: string, ownSeconds: number): string {
  const { segment } = row;
  const { name, detail } = tree.labels[tree.labelOf[row.index]!]!;
  const thrown = segment.cause?.exceptions[0];
  const members: [string, unknown][] = [
    ["time", new Date(segment.startSeconds * 1_000).toISOString()],
    ["trace", traceId],
    ["id", segment.id],
    ["parent", segment.parentId],
    ["kind", row.kind],
    ["service", row.service],
    ["name", name],
    ["detail", detail === "" ? undefined : detail],
    ["duration_ms", segment.endSeconds === undefined ? undefined : ms(segment.endSeconds - segment.startSeconds)],
    ["self_ms", ms(ownSeconds)],
    ["status", segment.inProgress ? "in_progress" : row.state],
    ["http_status", segment.http?.status],
    ["exception", thrown && [thrown.type, thrown.message].filter(Boolean).join(": ")],
    ["orphan", row.isOrphan || undefined],
    ...Object.entries(segment.annotations ?? {}).map(([key, value]): [string, unknown] => [`annotation.${key}`, value]),
  ];
  return members
    .flatMap(([key, value]) => (value === undefined ? [] : `${keyText(key)}=${valueText(value)}`))
    .join(" ");
}

function ms(seconds: number): number {
  return Number((seconds * 1_000).toFixed(3));
}

/** A key has no room for anything that ends it. */
function keyText(key: string): string {
  return plainText(key).replace(/[\s="]/g, "_");
}

function valueText(value: unknown): string {
  const text = plainText(String(value));
  return text === "" || /[\s="\\]/.test(text) ? `"${text.replace(/["\\]/g, "\\$&")}"` : text;
}
