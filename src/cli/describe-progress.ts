import type { Trace } from "../trace/trace.ts";
import { cleanText } from "./term/clean-text.ts";
import { cut } from "./term/fit-text.ts";
import type { Style } from "./term/style.ts";

/** What has arrived of a trace so far, on one line: `Waiting for the trace  call-cli ✓  web ✓  checkout …`. */
export function describeProgress(trace: Trace | undefined, { glyphs, width }: Style): string {
  const arrived = (trace?.segments ?? [])
    .filter(({ inferred }) => !inferred)
    .map(({ node, inProgress }) => `${cleanText(node.name, glyphs)} ${inProgress ? glyphs.ellipsis : glyphs.check}`);
  // One column is left free: some terminals wrap after the last.
  return cut(["Waiting for the trace", ...arrived].join("  "), width - 1, glyphs);
}
