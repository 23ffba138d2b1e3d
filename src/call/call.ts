import type { Random } from "../xray/random.ts";
import { buildRequest, type RequestInput } from "./build-request.ts";
import { acceptedEncodings } from "./decode-body.ts";
import { type CallFailure, describeFailure } from "./describe-failure.ts";
import { defaultDaemonAddress, type Emitter, emitter } from "./emit-segment.ts";
import {
  type Agents,
  type Exchange,
  exchange,
  type HttpRequest,
  headerValue,
  loadTransport,
  type ResponseHead,
  TimeoutError,
} from "./exchange.ts";
import { followRedirect, RedirectError } from "./follow-redirect.ts";
import { CallRecorder } from "./record-call.ts";
import type { SegmentDocument } from "./segment-document.ts";
import { wallClock } from "./segment-recorder.ts";
import { type Environment, readTraceContext } from "./trace-context.ts";

export interface CallOptions extends RequestInput {
  readonly followRedirects?: boolean;
  readonly maxRedirects?: number;
  /** Accept any certificate. */
  readonly insecure?: boolean;
  /** Aborting ends the call with the signal's reason as its failure; it is recorded all the same. */
  readonly signal?: AbortSignal;
  /** For everything, redirects and body included. */
  readonly maxTimeMs?: number;
  /** For DNS, TCP and TLS of each request. */
  readonly connectTimeoutMs?: number;
  /** Keeps connections open for later calls. */
  readonly agents?: Agents;
  /** Hears of the final response before its body. */
  readonly onHead?: (head: ResponseHead) => void;
  /** Takes the decoded body piece by piece; the result then has none. */
  readonly onBody?: (chunk: Uint8Array) => Promise<void> | void;

  /** Name of the segment. Default: `AWS_XRAY_TRACING_NAME`, else `call-cli`. */
  readonly name?: string;
  readonly annotations?: Readonly<Record<string, string | number | boolean>>;
  /** Default: `AWS_XRAY_DAEMON_ADDRESS`, else 127.0.0.1:2000. */
  readonly daemonAddress?: string;
  /** Where to send the segment instead; the caller closes it. */
  readonly emitter?: Emitter;
  readonly environment?: Environment;
  /** Epoch milliseconds. */
  readonly now?: () => number;
  readonly random?: Random;
}

export interface CallResult {
  /** Every request with its response, in order; the last one counts. */
  readonly hops: readonly Exchange[];
  /** Absent when no response came. */
  readonly head?: ResponseHead;
  /** Decoded; empty where `onBody` took it. */
  readonly body: Uint8Array;
  /** Size of the decoded body. */
  readonly bodyBytes: number;
  readonly failure?: CallFailure;
  readonly startMs: number;
  readonly endMs: number;
  readonly trace: CallTrace;
}

export interface CallTrace {
  readonly id: string;
  /** The caller's segment. */
  readonly segmentId: string;
  /** The subsegment of the last request. */
  readonly callId?: string;
  /** What was sent; empty when the trace is not sampled. */
  readonly documents: readonly SegmentDocument[];
  /** Why the documents could not be sent. The call itself is not touched by it. */
  readonly problem?: Error;
}

/**
 * Calls a URL and records the call as an X-Ray segment. Resolves even when the call fails: see `failure`. Throws only
 * for a URL or header that cannot be sent at all.
 * @example
 * const { head, body, trace } = await call("http://127.0.0.1:3000/orders");
 * console.log(head?.status, body.length, trace.id);
 */
export async function call(url: string | URL, options: CallOptions = {}): Promise<CallResult> {
  const { environment = process.env, now = wallClock, maxRedirects = 50 } = options;
  let request = buildRequest(url, options);
  // Before any clock starts: reading code from disk is not part of the call.
  await loadTransport(request.url);
  const recorder = new CallRecorder(readTraceContext(environment, request.headers), {
    name: options.name ?? (environment.AWS_XRAY_TRACING_NAME || "call-cli"),
    now,
    ...(options.annotations && { annotations: options.annotations }),
    ...(options.random && { random: options.random }),
  });

  const chunks: Uint8Array[] = [];
  let bodyBytes = 0;
  const onBody = (chunk: Uint8Array): Promise<void> | void => {
    bodyBytes += chunk.length;
    if (options.onBody) return options.onBody(chunk);
    chunks.push(chunk);
  };
  const startMs = now();
  const deadline = deadlineIn(options.maxTimeMs, options.signal);
  const hops: Exchange[] = [];
  let error: Error | undefined;
  for (;;) {
    const hop = await send(request);
    recorder.endHop(hop);
    hops.push(hop);
    error = hop.failure;
    const next = hop.failure || !hop.head ? undefined : redirected(hop.head);
    if (next === undefined) break;
    if (hops.length > maxRedirects) {
      error = new RedirectError(maxRedirects);
      break;
    }
    request = next;
  }
  deadline.clear();
  recorder.end(error);

  const last = hops.at(-1)!;
  const documents = recorder.documents();
  const problem = await emit(documents, options, environment);
  return {
    hops,
    ...(last.head && { head: last.head }),
    body: Buffer.concat(chunks),
    bodyBytes,
    ...(error && { failure: describeFailure(last, error) }),
    startMs,
    endMs: last.marks.end,
    trace: {
      id: recorder.segment.traceId,
      segmentId: recorder.segment.id,
      ...(recorder.lastHopId && { callId: recorder.lastHopId }),
      documents,
      ...(problem && { problem }),
    },
  };

  async function send(untraced: HttpRequest): Promise<Exchange> {
    await loadTransport(untraced.url);
    const hopStartMs = now();
    const traced = recorder.startHop(untraced, hopStartMs);
    let isFinal = true;
    return exchange(traced, {
      now,
      startMs: hopStartMs,
      decode: headerValue(traced.headers, "Accept-Encoding") === acceptedEncodings,
      signal: deadline.signal,
      ...(options.connectTimeoutMs !== undefined && { connectTimeoutMs: options.connectTimeoutMs }),
      ...(options.insecure !== undefined && { insecure: options.insecure }),
      ...(options.agents && { agents: options.agents }),
      onHead(head) {
        isFinal = redirected(head) === undefined;
        if (isFinal) options.onHead?.(head);
      },
      onBody: (chunk) => (isFinal ? onBody(chunk) : undefined),
    });
  }

  function redirected(head: ResponseHead): HttpRequest | undefined {
    if (!options.followRedirects) return undefined;
    return followRedirect(request, head, { keepMethod: options.method !== undefined });
  }
}

interface Deadline {
  readonly signal: AbortSignal;
  clear(): void;
}

function deadlineIn(limitMs: number | undefined, outer: AbortSignal | undefined): Deadline {
  const controller = new AbortController();
  const timer =
    limitMs === undefined
      ? undefined
      : setTimeout(() => controller.abort(new TimeoutError("The call", limitMs)), limitMs);
  const signal = outer ? AbortSignal.any([outer, controller.signal]) : controller.signal;
  return { signal, clear: () => clearTimeout(timer) };
}

/** Tracing must never break the call: what goes wrong is answered. */
async function emit(
  documents: readonly SegmentDocument[],
  options: CallOptions,
  environment: Environment,
): Promise<Error | undefined> {
  if (documents.length === 0) return undefined;
  const own = options.emitter === undefined;
  let out = options.emitter;
  try {
    const address = options.daemonAddress ?? (environment.AWS_XRAY_DAEMON_ADDRESS || defaultDaemonAddress);
    out ??= emitter(address);
    for (const document of documents) {
      const problem = await out.send(document);
      if (problem) return problem;
    }
    return undefined;
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  } finally {
    if (own) out?.close();
  }
}
