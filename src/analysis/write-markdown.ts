import { criticalPath } from "./critical-path.ts";
import { durationText, plainText } from "./plain-text.ts";
import { repeatedCalls } from "./repeated-calls.ts";
import { endOf } from "./self-time.ts";
import { traceWords } from "./skeleton-of.ts";
import type { SpanTree } from "./span-tree.ts";

export interface MarkdownOptions {
  readonly traceId: string;
  /** Where the trace can be seen. */
  readonly link?: string;
  /** The shortest ones beyond are left out. */
  readonly mostRows?: number;
}

/** A trace in Markdown, for a ticket or an assistant: what it is, where its time went, what failed, the waterfall. */
export function writeMarkdown(tree: SpanTree, { traceId, link, mostRows = 200 }: MarkdownOptions): string {
  const { method, title, status } = traceWords(tree);
  const parts = [
    `# ${[status, method, escaped(title)].filter((part) => part !== undefined).join(" ")}`,
    facts(tree, traceId),
    ...(link === undefined ? [] : [`[Open in fluoroscope](<${link}>)`]),
    ...pathPart(tree),
    ...repeatedPart(tree),
    ...failurePart(tree),
    waterfallPart(tree, mostRows),
  ];
  return `${parts.join("\n\n")}\n`;
}

function facts(tree: SpanTree, traceId: string): string {
  return [
    `Trace \`${traceId}\``,
    durationText(tree.endSeconds - tree.startSeconds) + (tree.isPartial ? " so far" : ""),
    `${tree.count} spans`,
    `${tree.services.length} services`,
    `started ${new Date(tree.startSeconds * 1_000).toISOString()}`,
  ].join(" · ");
}

function pathPart(tree: SpanTree): string[] {
  const shares = criticalPath(tree).shares.filter(({ share }) => share >= 0.01);
  if (shares.length === 0) return [];
  const told = shares.map(
    ({ service, share, seconds }) => `${escaped(service)} ${Math.round(share * 100)} % (${durationText(seconds)})`,
  );
  return [`**Critical path:** ${told.join(" · ")}`];
}

function repeatedPart(tree: SpanTree): string[] {
  const suspects = repeatedCalls(tree).filter(({ suspectsNPlusOne }) => suspectsNPlusOne);
  if (suspects.length === 0) return [];
  const lines = suspects.slice(0, 20).map(({ rows, name, parent, totalSeconds }) => {
    const { detail } = tree.labels[tree.labelOf[rows[0]!]!]!;
    const caller = tree.rows[parent]!.segment.name;
    const what = [name, detail].filter(Boolean).map(escaped).join(" ");
    return `- ${rows.length} × ${what}, one after another below ${escaped(caller)}: ${durationText(totalSeconds)}`;
  });
  return ["## Repeated calls (N+1?)", lines.join("\n")];
}

/** The deepest first: what failed there made its callers fail. */
function failurePart(tree: SpanTree): string[] {
  const failed = tree.rows.filter(({ segment }) => (segment.cause?.exceptions.length ?? 0) > 0);
  if (failed.length === 0) return [];
  const told = failed
    .toSorted((a, b) => b.depth - a.depth)
    .slice(0, 10)
    .map(({ segment, service }) => {
      const lines = segment
        .cause!.exceptions.slice(0, 3)
        .flatMap(({ type, message, stack = [] }) => [
          `${type ?? "Exception"}: ${message ?? ""}`,
          ...stack
            .slice(0, 12)
            .map(({ label, path, line }) => `    at ${label ?? "?"} (${[path, line].filter(Boolean).join(":")})`),
        ]);
      return `**${escaped(segment.name)}** in ${escaped(service)} (\`${segment.id}\`)\n\n${block(lines)}`;
    });
  return ["## What failed", ...told];
}

function waterfallPart(tree: SpanTree, mostRows: number): string {
  const shown = longest(tree, mostRows);
  const total = Math.max(tree.endSeconds - tree.startSeconds, Number.EPSILON);
  const lines = tree.rows.flatMap(({ index, segment, depth, state }) => {
    if (!shown.has(index)) return [];
    const { name, detail } = tree.labels[tree.labelOf[index]!]!;
    const seconds = endOf(tree, index) - segment.startSeconds;
    const at = Math.round(((segment.startSeconds - tree.startSeconds) / total) * barWidth);
    const length = Math.max(1, Math.min(barWidth - at, Math.round((seconds / total) * barWidth)));
    const bar = `${" ".repeat(Math.min(at, barWidth - 1))}${"█".repeat(length)}`.slice(0, barWidth).padEnd(barWidth);
    const mark = segment.inProgress ? "…" : state === "ok" ? "" : ` ${state}`;
    const text = `${"  ".repeat(Math.min(depth, 20))}${[name, detail].filter(Boolean).join(" ")}`.slice(0, 160);
    return `${bar} ${durationText(seconds).padStart(8)}${mark}  ${text}`;
  });
  const left = tree.count - shown.size;
  return [`## Waterfall`, block(lines), ...(left > 0 ? [`${left} shorter spans are left out.`] : [])].join("\n\n");
}

const barWidth = 30;

/** The longest rows, with all above them, so that no row stands without its parent. */
function longest(tree: SpanTree, most: number): ReadonlySet<number> {
  if (tree.count <= most) return new Set(tree.rows.keys());
  const length = (row: number): number => endOf(tree, row) - tree.starts[row]!;
  const order = [...tree.rows.keys()].sort((a, b) => length(b) - length(a));
  const shown = new Set<number>();
  for (const row of order) {
    if (shown.size >= most) break;
    for (let at = row; at >= 0 && !shown.has(at); at = tree.parents[at]!) shown.add(at);
  }
  return shown;
}

/** A fenced block that nothing inside of it can end. */
function block(lines: readonly string[]): string {
  const text = lines.map(plainText).join("\n");
  let ticks = 3;
  for (const [run] of text.matchAll(/`+/g)) ticks = Math.max(ticks, run.length + 1);
  const fence = "`".repeat(ticks);
  return `${fence}text\n${text}\n${fence}`;
}

/** Text that Markdown takes for nothing but text. */
function escaped(text: string): string {
  return plainText(text).replace(/[\\`*_{}[\]()#+!|<>~&@:]/g, "\\$&");
}
