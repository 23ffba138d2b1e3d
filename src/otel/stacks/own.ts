import type { StackFrame } from "../../trace/segment.ts";

/** Neither paths nor labels have parentheses or quotes: where they had, the frames were sent in X-Ray's form too. */
const frames =
  /^(?:\tat ([^()"\r\n\u2028\u2029]+)\(([^()"\r\n\u2028\u2029]+):(\d+)\)| {4}at ([^()"\r\n\u2028\u2029]+) \(([^()"\r\n\u2028\u2029]+):(\d+)\)| {2}File "([^()"\r\n\u2028\u2029]+)", line (\d+), in ([^()"\r\n\u2028\u2029]+))$/gm;

/** The frames of a stack trace that `exceptionEvent` wrote, whose paths may have colons. */
export function readOwnStack(text: string): readonly StackFrame[] {
  return [...text.matchAll(frames)].map((match) => ({
    label: match[1] ?? match[4] ?? match[9]!,
    path: match[2] ?? match[5] ?? match[7]!,
    line: Number(match[3] ?? match[6] ?? match[8]),
  }));
}
