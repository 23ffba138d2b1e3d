import type { StackFrame } from "../../trace/segment.ts";

const frames = /^(?:\tat (.+)\((.+):(\d+)\)| {4}at (.+) \((.+):(\d+)\)| {2}File "(.+)", line (\d+), in (.+))$/gm;

/** The frames of a stack trace that `exceptionEvent` wrote, whose paths may have colons. */
export function readOwnStack(text: string): readonly StackFrame[] {
  return [...text.matchAll(frames)].map((match) => ({
    label: match[1] ?? match[4] ?? match[9]!,
    path: match[2] ?? match[5] ?? match[7]!,
    line: Number(match[3] ?? match[6] ?? match[8]),
  }));
}
