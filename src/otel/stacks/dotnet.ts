import type { StackFrame } from "../../trace/segment.ts";
import { linesOf, type TracedException, tracedException } from "./stack.ts";

const frame = /^ {3}at (.+)$/;
const place = /^(.+):line (\d+)\s*$/;

/** `   at Label() in path:line 42`. What caused the exception stands before its own frames, opened by `--->`. */
export function readDotnetStack(text: string): readonly TracedException[] {
  const chain: TracedException[] = [];
  let current = 0;
  for (const line of linesOf(text)) {
    const match = frame.exec(line);
    if (match !== null) {
      if (chain.length === 0) chain.push(tracedException(""));
      chain[current]!.stack.push(frameOf(match[1]!));
    } else if (line.includes("--- End of inner exception stack trace ---")) {
      current = Math.max(0, current - 1);
    } else if (chain.length === 0 || line.trimStart().startsWith("---> ")) {
      for (const head of line.split("---> ")) if (head.trim() !== "") chain.push(tracedException(head));
      current = Math.max(0, chain.length - 1);
    }
  }
  return chain;
}

function frameOf(text: string): StackFrame {
  const at = text.lastIndexOf(" in ");
  const match = at < 0 ? null : place.exec(text.slice(at + " in ".length));
  if (match === null) return { label: text.trimEnd() };
  return { path: match[1]!, line: Number(match[2]), label: text.slice(0, at) };
}
