import { frameAt, linesOf, type TracedException, tracedException } from "./stack.ts";

const frame = /^#\d+ (?:(.+)\((\d+)\)|(\[internal function\])): (.+)$/s;

/** `#0 path(42): label`. */
export function readPhpStack(text: string): readonly TracedException[] {
  const exception = tracedException("");
  for (const line of linesOf(text)) {
    const match = frame.exec(line);
    if (match === null) continue;
    const [, path, number, internal, label] = match;
    exception.stack.push(frameAt(label!, internal ?? `${path}:${number}`));
  }
  return [exception];
}
