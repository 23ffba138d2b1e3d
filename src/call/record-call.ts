import type { Random } from "../xray/random.ts";
import { formatTraceHeader } from "../xray/trace-header.ts";
import { formatTraceparent } from "../xray/traceparent.ts";
import type { Exchange, Headers, HttpRequest } from "./exchange.ts";
import { headerValue } from "./exchange.ts";
import { phasesOf } from "./phases.ts";
import type { SegmentDocument } from "./segment-document.ts";
import { openSegment, type SegmentRecorder } from "./segment-recorder.ts";
import type { TraceContext } from "./trace-context.ts";

const handMade = ["X-Amzn-Trace-Id", "traceparent"];

export interface CallRecorderOptions {
  readonly name: string;
  readonly annotations?: Readonly<Record<string, string | number | boolean>>;
  readonly now: () => number;
  readonly random?: Random;
}

/** Records one call: a segment for the caller, and in it one `remote` subsegment for each request on the way. */
export class CallRecorder {
  readonly segment: SegmentRecorder;
  readonly #context: TraceContext;
  readonly #hops: SegmentRecorder[] = [];

  constructor(context: TraceContext, options: CallRecorderOptions) {
    this.#context = context;
    this.segment = openSegment({
      name: options.name,
      now: options.now,
      ...(options.random && { random: options.random }),
      ...(context.kind !== "none" && context.traceId && { traceId: context.traceId }),
      // In Lambda this segment only stands for the one that Lambda writes.
      ...(context.kind === "lambda" && { id: context.parentId }),
      ...(context.kind === "own" && context.parentId && { parentId: context.parentId }),
      aws: { xray: { sdk: "fluoroscope" } },
    });
    for (const [key, value] of Object.entries(options.annotations ?? {})) this.segment.annotate(key, value);
  }

  /** Begins a request's subsegment, named by the host, and answers the request with the headers that hand the trace on. */
  startHop(request: HttpRequest, startMs: number): HttpRequest {
    const hop = this.segment.subsegment(request.url.hostname.replace(/^\[(.*)\]$/, "$1"), {
      namespace: "remote",
      startMs,
      // Queries hold secrets; X-Ray's SDKs leave them out as well. The port tells services of one host apart.
      http: { request: { method: request.method, url: `${request.url.origin}${request.url.pathname}` } },
    });
    this.#hops.push(hop);
    return { ...request, headers: [...request.headers, ...this.#traceHeaders(hop, request.headers)] };
  }

  /** Ends the request's subsegment, with its phases below it. */
  endHop(ended: Exchange): void {
    const hop = this.#hops.at(-1)!;
    for (const { name, startMs, endMs } of phasesOf(ended.marks, ended.way)) {
      hop.subsegment(name, { startMs }).close({ endMs });
    }
    if (ended.failure) hop.exception(ended.failure);
    const status = ended.head?.status;
    const contentLength = ended.head && contentLengthOf(ended);
    hop.close({
      endMs: ended.marks.end,
      ...(status !== undefined && { status }),
      ...(contentLength !== undefined && { contentLength }),
    });
  }

  /** Ends the segment. An error that ended the call is a fault of the caller too; a bad status alone is not. */
  end(error: Error | undefined): void {
    if (error) this.segment.exception(error);
    this.segment.close();
  }

  /** What is to be sent: the segment, or in Lambda each subsegment by itself, or nothing. */
  documents(): SegmentDocument[] {
    if (this.#context.kind === "none" || !this.#context.isSampled) return [];
    return this.#context.kind === "own" ? [this.segment.document()] : this.#hops.map((hop) => hop.document());
  }

  /** Id of the subsegment that stands for the answer. */
  get lastHopId(): string | undefined {
    return this.#hops.at(-1)?.id;
  }

  /** The headers that make the callee's segments part of this trace; none where the caller wrote them by hand. */
  #traceHeaders(hop: SegmentRecorder, given: Headers): Headers {
    if (this.#context.kind === "none" || handMade.some((name) => headerValue(given, name) !== undefined)) return [];
    const { isSampled, extra } = this.#context;
    const root = this.segment.traceId;
    return [
      ["X-Amzn-Trace-Id", formatTraceHeader({ root, parent: hop.id, sampled: isSampled ? "1" : "0", extra })],
      ["traceparent", formatTraceparent({ traceId: root, parentId: hop.id, isSampled })],
    ];
  }
}

function contentLengthOf(ended: Exchange): number {
  const said = Number(headerValue(ended.head!.headers, "content-length") ?? Number.NaN);
  return Number.isSafeInteger(said) ? said : ended.receivedBytes;
}
