import { criticalPath } from "../analysis/critical-path.ts";
import { spanTree } from "../analysis/span-tree.ts";
import type { Server } from "../ask/ask-server.ts";
import { traceLink } from "../ask/console-links.ts";
import { waitForTrace } from "../ask/wait-for-trace.ts";
import type { CallTrace } from "../call/call.ts";
import { cleanText } from "./term/clean-text.ts";
import { percent } from "./term/format.ts";
import { makeStyle } from "./term/style.ts";
import type { TraceWords } from "./write-out.ts";

const mostShares = 5;

/** What `-w` can say of a call's trace, once it is whole or the time is up; `undefined` when nothing has arrived. */
export async function traceWords(server: Server, called: CallTrace, limitMs: number): Promise<TraceWords | undefined> {
  const { id, segmentId } = called;
  const signal = new AbortController().signal;
  const { found, isWhole } = await waitForTrace(server, id, { limitMs, segmentId, signal });
  if (found === undefined) return undefined;
  const { glyphs } = makeStyle();
  const { shares } = criticalPath(spanTree(found.trace));
  return {
    url: traceLink(server, id),
    criticalPath: shares
      .slice(0, mostShares)
      .map(({ service, share }) => `${cleanText(service, glyphs)} ${percent(share)}`)
      .join(", "),
    services: new Set(found.trace.segments.map(({ node }) => node.name)).size,
    segments: found.trace.segments.filter(({ inferred }) => !inferred).length,
    isWhole,
  };
}
