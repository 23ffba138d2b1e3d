import { frameAt, linesOf, type TracedException, tracedException } from "./stack.ts";

/** Frames of suppressed exceptions are indented further, and belong to nobody here. */
const frame = /^\tat ([^(]*)\(([^)]*)\)/;

/** `\tat label(File.java:42)`, and `Caused by:` before what caused it. */
export function readJavaStack(text: string): readonly TracedException[] {
  const chain: TracedException[] = [];
  let head: string[] = [];
  for (const line of linesOf(text)) {
    if (line.startsWith("Caused by: ")) {
      if (chain.length === 0) chain.push(tracedException(head.join("\n")));
      chain.push(tracedException(line.slice("Caused by: ".length)));
      head = [];
      continue;
    }
    const match = frame.exec(line);
    if (match === null) {
      if (chain.length === 0) head.push(line);
      continue;
    }
    if (chain.length === 0) chain.push(tracedException(head.join("\n")));
    chain.at(-1)!.stack.push(frameAt(match[1]!.trim(), match[2]!));
  }
  return chain;
}
