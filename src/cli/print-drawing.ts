import { traceLink } from "../ask/console-links.ts";
import { fetchTraceGraph } from "../ask/fetch-trace.ts";
import { waitForTrace } from "../ask/wait-for-trace.ts";
import { headerValue } from "../call/exchange.ts";
import { type CallScene, describeUnrecorded } from "./call-order.ts";
import { describeProgress } from "./describe-progress.ts";
import { drawCall, previewBody } from "./draw-call.ts";
import { drawFact, drawLink, drawTrace } from "./trace-report.ts";

/**
 * Draws a call: at once what is known of it alone, then, where a fluoroscope answers, its trace. Answers whether the trace
 * was whole, or there was nobody to ask.
 */
export async function printDrawing(scene: CallScene): Promise<boolean> {
  const { order, result, preview, terminal, signal, endpoint, server } = scene;
  const { flags } = order;
  const { trace, failure } = result;
  const style = await terminal.style(flags);
  const { paint } = style;
  const type = headerValue(result.head?.headers ?? [], "content-type");
  terminal.print([...drawCall(result, style), ...previewBody(preview, type, style), ""]);

  const isRecorded = trace.documents.length > 0 && !trace.problem;
  const waited = isRecorded && server ? await wait() : undefined;
  if (server && waited?.found) {
    const services = await fetchTraceGraph(server, trace.id);
    // The phases of our own call are drawn above.
    const omit = (segment: { readonly parentId?: string; readonly namespace?: string }): boolean =>
      segment.parentId === trace.callId && segment.namespace === undefined;
    terminal.print([
      ...drawTrace(waited.found.trace, services, { style, omit, ...(failure && { why: failure.message }) }),
      ...drawLink("Open", traceLink(server, trace.id), style),
    ]);
    return waited.isWhole;
  }
  if (failure) terminal.print(drawFact("Why", failure.message, style, paint.fault));
  if (trace.problem) terminal.remark(describeUnrecorded(trace.problem));
  else terminal.print(drawFact("Map", whyNoMap(), style, paint.bold));
  return waited === undefined;

  async function wait() {
    const found = await waitForTrace(server!, trace.id, {
      limitMs: flags.wait * 1_000,
      segmentId: trace.segmentId,
      signal,
      onProgress: (so) => terminal.progress(describeProgress(so?.trace, style)),
    });
    terminal.progress("");
    return found;
  }

  function whyNoMap(): string {
    if (!isRecorded) return "this trace is not sampled, so there is none.";
    if (server === undefined) return `no fluoroscope at ${endpoint}; "fluoroscope up" starts one.`;
    const daemon = flags.daemonAddress ?? (terminal.environment.AWS_XRAY_DAEMON_ADDRESS || "127.0.0.1:2000");
    return (
      `the trace did not arrive at ${endpoint} within ${flags.wait} s. ` +
      `Is the daemon at ${daemon} the same fluoroscope?`
    );
  }
}
