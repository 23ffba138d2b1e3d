import { mermaidText } from "./mermaid-text.ts";
import { durationText } from "./plain-text.ts";
import { type RepeatedCalls, repeatedCalls } from "./repeated-calls.ts";
import { endOf } from "./self-time.ts";
import { type SpanColumns, spanFlag } from "./span-columns.ts";

/** A longer diagram is read by nobody. */
const mostMessages = 150;

/** The calls of a trace as a Mermaid sequence diagram: who asked whom for what, how long it took, how it went. */
export function mermaidSequence(tree: SpanColumns): string {
  const lines = ["sequenceDiagram", ...tree.services.map((name, at) => `  participant s${at} as ${mermaidText(name)}`)];
  const repeated = new Map<number, RepeatedCalls>();
  for (const group of repeatedCalls(tree)) for (const row of group.rows) repeated.set(row, group);
  const serviceOf = (row: number): number => tree.labels[tree.labelOf[row]!]!.service;

  /** Calls that have not been answered yet, with the row at which they are. */
  const open: { readonly end: number; readonly answer: string }[] = [];
  let messages = 0;
  let left = 0;
  for (let row = 0; row < tree.count; row += 1) {
    while (open.length > 0 && open.at(-1)!.end <= row) lines.push(open.pop()!.answer);
    const parent = tree.parents[row]!;
    const group = repeated.get(row);
    if (group !== undefined && group.rows[0] !== row) {
      // The first of its kind stands for all.
      row += tree.sizes[row]! - 1;
      continue;
    }
    const isCall = (tree.flags[row]! & (spanFlag.segment | spanFlag.inferred)) !== 0;
    if (parent < 0 || !isCall || serviceOf(parent) === serviceOf(row)) continue;
    messages += 1;
    if (messages > mostMessages) {
      left += 1;
      continue;
    }
    const [from, to] = [serviceOf(parent), serviceOf(row)];
    const { detail, name } = tree.labels[tree.labelOf[row]!]!;
    const times = group === undefined ? "" : `${group.rows.length} × `;
    lines.push(`  s${from}->>s${to}: ${mermaidText(`${times}${detail === "" ? name : detail}`)}`);
    const seconds = group?.totalSeconds ?? endOf(tree, row) - tree.starts[row]!;
    open.push({
      end: row + tree.sizes[row]!,
      answer: `  s${to}${answerArrow(tree.flags[row]!)}s${from}: ${durationText(seconds)}`,
    });
  }
  while (open.length > 0) lines.push(open.pop()!.answer);
  if (left > 0) lines.push(`  Note over s0: ${left} more calls are left out`);
  return `${lines.join("\n")}\n`;
}

function answerArrow(flags: number): string {
  return (flags & (spanFlag.fault | spanFlag.error | spanFlag.throttle)) !== 0 ? "--x" : "-->>";
}
