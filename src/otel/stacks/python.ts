import { linesOf, type TracedException, tracedException } from "./stack.ts";

const frame = /^ {2}File "(.+)", line (\d+), in (.+)$/s;

/**
 * Tracebacks, of which the last is of what was thrown and the one above it of what caused that. Frames keep Python's
 * order, the innermost last, as the X-Ray SDK for Python sends them.
 */
export function readPythonStack(text: string): readonly TracedException[] {
  const tracebacks = linesOf(text)
    .join("\n")
    .split(/^Traceback \(most recent call last\):\n/m);
  return tracebacks.slice(1).map(readTraceback).reverse();
}

function readTraceback(text: string): TracedException {
  const lines = text.split("\n");
  const head = lines.findIndex((line) => line !== "" && !line.startsWith(" "));
  const exception = tracedException(head < 0 ? "" : messageFrom(lines.slice(head)));
  for (const line of head < 0 ? lines : lines.slice(0, head)) {
    const match = frame.exec(line);
    if (match !== null) exception.stack.push({ path: match[1]!, line: Number(match[2]), label: match[3]! });
  }
  return exception;
}

const between = /^(?:During handling of the above exception|The above exception was the direct cause)/;

/** A message may have several lines; then comes how the next traceback hangs together with this one. */
function messageFrom(lines: readonly string[]): string {
  const end = lines.findIndex((line) => between.test(line));
  return (end < 0 ? lines : lines.slice(0, end)).join("\n").trimEnd();
}
