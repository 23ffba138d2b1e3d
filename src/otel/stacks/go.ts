import { linesOf, type TracedException, tracedException } from "./stack.ts";

const place = /^\t(.+):(\d+)(?: \+0x[\da-f]+)?$/;

/** Two lines a frame: the function with its arguments, then a tab and the place. */
export function readGoStack(text: string): readonly TracedException[] {
  const exception = tracedException("");
  let label = "";
  for (const line of linesOf(text)) {
    const match = place.exec(line);
    if (match === null) label = line;
    else exception.stack.push({ path: match[1]!, line: Number(match[2]), label: labelOf(label) });
  }
  return [exception];
}

/** Arguments are addresses: they are left out. A goroutine's start says who started it. */
function labelOf(line: string): string {
  const started = /^created by (\S+)/.exec(line);
  return started === null ? line.replace(/\([^()]*\)$/, "") : started[1]!;
}
