import { linesOf, type TracedException, tracedException } from "./stack.ts";

const frame = /^(?:\s*from )?(.+?):(\d+):in [`']([^']+)'/;

/** `path:42:in 'label'`, with `from` before all but the first. */
export function readRubyStack(text: string): readonly TracedException[] {
  const exception = tracedException("");
  for (const line of linesOf(text)) {
    // Without the quote that ends it, each beginning of a label would be followed to the line's end.
    const match = frame.exec(line.slice(0, line.lastIndexOf("'") + 1));
    if (match !== null) exception.stack.push({ path: match[1]!, line: Number(match[2]), label: match[3]! });
  }
  return [exception];
}
