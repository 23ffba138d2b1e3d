import type { SegmentRecorder } from "../call/segment-recorder.ts";
import { formatTraceHeader } from "../xray/trace-header.ts";
import { formatTraceparent } from "../xray/traceparent.ts";
import type { Reply, Visit } from "./service.ts";

/** A service as its callers know it. */
export interface Callee {
  readonly name: string;
  readonly url: string;
}

const timeoutMs = 10_000;

/** Calls another service and records the call, which goes on in the callee's own segment where it has one. */
export async function callService(visit: Visit, callee: Callee, path: string, method = "GET"): Promise<Reply> {
  const url = new URL(path, callee.url).href;
  const call = visit.segment.subsegment(callee.name, { namespace: "remote", http: { request: { method, url } } });
  try {
    const response = await fetch(url, {
      method,
      headers: headersOf(call, visit),
      signal: AbortSignal.timeout(timeoutMs),
    });
    const text = await response.text();
    call.close({ status: response.status, contentLength: Buffer.byteLength(text) });
    return { status: response.status, body: JSON.parse(text) };
  } catch (error) {
    call.exception(error);
    call.close();
    throw error;
  }
}

/** The trace in both spellings, X-Ray's and W3C's. What others put into the header goes along. */
function headersOf({ traceId, id }: SegmentRecorder, { isSampled, extra }: Visit): Record<string, string> {
  return {
    "X-Amzn-Trace-Id": formatTraceHeader({ root: traceId, parent: id, sampled: isSampled ? "1" : "0", extra }),
    traceparent: formatTraceparent({ traceId, parentId: id, isSampled }),
  };
}
