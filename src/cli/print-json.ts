import type { Server } from "../ask/ask-server.ts";
import { traceLink } from "../ask/console-links.ts";
import { fetchTraceGraph } from "../ask/fetch-trace.ts";
import { waitForTrace } from "../ask/wait-for-trace.ts";
import { phasesOf } from "../call/phases.ts";
import { readJson } from "../trace/read-json.ts";
import type { CallScene } from "./call-order.ts";
import { jsonText } from "./term/json-text.ts";
import { analyseTrace } from "./trace-report.ts";

/** Prints all that is known of a call as JSON. Answers whether the trace was whole, or there was nobody to ask. */
export async function printJson(scene: CallScene): Promise<boolean> {
  const { result, terminal, server } = scene;
  const { failure, trace, head } = result;
  const last = result.hops.at(-1)!;
  const isRecorded = trace.documents.length > 0 && !trace.problem;
  const hops = result.hops.map((hop) => ({
    method: hop.request.method,
    url: hop.request.url.href,
    status: hop.head?.status,
    ms: round(hop.marks.end - hop.marks.start),
    phases: phasesOf(hop.marks, hop.way).map(({ name, startMs, endMs }) => ({ name, ms: round(endMs - startMs) })),
    remote: hop.remote,
  }));
  const known = server && isRecorded ? await gather(server, scene) : undefined;
  const answer = {
    url: last.request.url.href,
    method: last.request.method,
    status: head?.status,
    httpVersion: head?.httpVersion,
    headers: head?.headers,
    body: textOf(result.body),
    bodyBytes: result.bodyBytes,
    ms: round(result.endMs - result.startMs),
    hops,
    failure: failure && { kind: failure.kind, code: failure.code, phase: failure.phase, message: failure.message },
    trace: { id: trace.id, segmentId: trace.segmentId, callId: trace.callId, isRecorded },
    ...known,
  };
  terminal.print(jsonText(answer, scene.order.output === "ndjson" ? undefined : 2));
  return known?.isWhole ?? true;
}

/** What the server knows of the trace once it is whole, or the time is up. */
async function gather(server: Server, { order, result: { trace }, terminal, signal }: CallScene) {
  const { found, isWhole } = await waitForTrace(server, trace.id, {
    limitMs: order.flags.wait * 1_000,
    segmentId: trace.segmentId,
    signal,
  });
  const link = traceLink(server, trace.id);
  if (found === undefined) return { isWhole, link };
  return {
    isWhole,
    link,
    ...analyseTrace(found.trace, { style: await terminal.style(order.flags) }),
    services: await fetchTraceGraph(server, trace.id),
    documents: found.documents.map(read),
  };
}

/** Documents are kept as they were sent: some senders' numbers are not JSON's. */
function read(document: string): unknown {
  const json = readJson(document);
  return "value" in json ? json.value : document;
}

const round = (ms: number): number => Math.round(ms * 1_000) / 1_000;

/** A body as text where it is text, else in base64. */
function textOf(body: Uint8Array): string | { base64: string } {
  try {
    return new TextDecoder("utf8", { fatal: true }).decode(body);
  } catch {
    // Not UTF-8: JSON cannot hold it as it is.
    return { base64: Buffer.from(body).toString("base64") };
  }
}
