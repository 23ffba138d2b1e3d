import type { StackFrame } from "../../trace/segment.ts";
import { frameAt, linesOf, type TracedException, tracedException } from "./stack.ts";

const cause = /^\s*(?:\[cause\]|Caused by): (.*)$/;

/** V8's lines, with the causes that Node prints below them, and the lines of Firefox and Safari: `label@url:1:2`. */
export function readJavaScriptStack(text: string): readonly TracedException[] {
  const chain: TracedException[] = [];
  for (const line of linesOf(text)) {
    const causeOf = cause.exec(line);
    if (causeOf !== null) {
      if (chain.length === 0) chain.push(tracedException(""));
      chain.push(tracedException(causeOf[1]!));
      continue;
    }
    const frame = readFrame(line);
    if (frame === undefined) continue;
    if (chain.length === 0) chain.push(tracedException(""));
    chain.at(-1)!.stack.push(frame);
  }
  return chain;
}

function readFrame(line: string): StackFrame | undefined {
  const match = /^\s+at (?:async )?(.+?)(?: \{)?$/.exec(line);
  if (match === null) {
    const at = /^([^@]*)@(.+:\d+:\d+)$/.exec(line);
    return at === null ? undefined : frameOf(at[1]!, at[2]!);
  }
  const body = match[1]!;
  const open = body.endsWith(")") ? startOfPlace(body) : -1;
  return open < 0 ? frameOf("", body) : frameOf(body.slice(0, open), body.slice(open + 2, -1));
}

/** The place is in the last parentheses, which may have others inside: `eval (eval at run (a.js:1:2), <anonymous>:1:1)`. */
function startOfPlace(body: string): number {
  let depth = 0;
  for (let at = body.length - 1; at > 0; at--) {
    if (body[at] === ")") depth += 1;
    else if (body[at] === "(") depth -= 1;
    if (depth === 0) return body[at - 1] === " " ? at - 1 : -1;
  }
  return -1;
}

/** Modules are named by URLs; those of files are paths. */
function frameOf(label: string, place: string): StackFrame {
  const path = place.replace(/^file:\/\/(?:\/(?=[A-Za-z]:))?/, "");
  return frameAt(label === "" ? "anonymous" : label, path);
}
