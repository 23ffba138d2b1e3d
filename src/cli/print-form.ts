import { traceLink } from "../ask/console-links.ts";
import type { FetchedTrace } from "../ask/fetch-trace.ts";
import { waitForTrace } from "../ask/wait-for-trace.ts";
import { assembleTrace } from "../trace/assemble-trace.ts";
import { parseSegment } from "../trace/parse-segment.ts";
import { type CallScene, describeUnrecorded } from "./call-order.ts";
import type { TraceForm } from "./common-options.ts";
import { writeTrace } from "./write-traces.ts";

/**
 * Prints a call's trace in a form for other programs: as a fluoroscope has it, else our own part of it. Answers whether
 * it was whole, or there was nobody to ask.
 */
export async function printForm(form: TraceForm, scene: CallScene): Promise<boolean> {
  const { order, result, terminal, server, signal } = scene;
  const { failure, trace } = result;
  if (failure) terminal.remark(`fluoroscope: ${failure.message}`);
  if (trace.problem) terminal.remark(describeUnrecorded(trace.problem));
  if (trace.documents.length === 0) {
    terminal.remark("fluoroscope: This trace is not sampled, so there is nothing to print.");
    return true;
  }
  const waiting = { limitMs: order.flags.wait * 1_000, segmentId: trace.segmentId, signal };
  const waited = server && !trace.problem ? await waitForTrace(server, trace.id, waiting) : undefined;
  const found = waited?.found ?? ownPart(scene);
  for await (const text of writeTrace(found, form, server && traceLink(server, trace.id))) await terminal.write(text);
  return waited?.isWhole ?? true;
}

function ownPart({ result: { trace } }: CallScene): FetchedTrace {
  const documents = trace.documents.map((document) => JSON.stringify(document));
  const segments = documents.flatMap((document) => {
    const parsed = parseSegment(document);
    // What we made ourselves can be read.
    return parsed.kind === "segments" ? parsed.segments : [];
  });
  return { trace: assembleTrace(trace.id, segments), documents, revision: 0 };
}
