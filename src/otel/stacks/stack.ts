import type { StackFrame } from "../../trace/segment.ts";

/** One exception of those that a stack trace tells of. */
export interface TracedException {
  readonly type: string | undefined;
  readonly message: string | undefined;
  readonly stack: StackFrame[];
}

/** What a stack trace says: the exception that was thrown, what caused it, what caused that. */
export type ReadStack = (text: string) => readonly TracedException[];

/** An exception of which only the head line is known: `Type: message`, `Type`, or a message alone. */
export function tracedException(head: string): TracedException {
  const match = /^([\p{L}\p{N}_.$\\:]+?)(?:: (.*))?$/su.exec(head.trim());
  if (match === null) return { type: undefined, message: head.trim(), stack: [] };
  return { type: match[1]!, message: match[2], stack: [] };
}

/** `path:line`, `path:line:column`, or a path alone. */
export function frameAt(label: string, place: string): StackFrame {
  const match = /^(.*?):\s*(\d+)(?::\d+)?$/.exec(place);
  return match === null ? { path: place, label } : { path: match[1]!, line: Number(match[2]), label };
}

/** Nobody's stack trace has more, and reading one must not take long whatever it is. */
const longestText = 200_000;
const longestLine = 2000;

/** The lines of a stack trace, as far as they are worth reading. */
export function linesOf(text: string): readonly string[] {
  return text
    .slice(0, longestText)
    .split(/\r?\n/)
    .map((line) => (line.length > longestLine ? line.slice(0, longestLine) : line));
}
