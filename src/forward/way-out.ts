import { type ErrorCode, FluoroscopeError } from "../errors.ts";

/** One place that documents are sent to: AWS X-Ray, another fluoroscope, an OpenTelemetry collector. */
export interface WayOut {
  /** For logs, metrics and health: `aws eu-central-1`, `http://10.0.0.1:2000`, `otlp http://collector:4318`. */
  readonly name: string;
  /**
   * Sends documents in one request: `maxDocuments` at most. Answers one outcome a document, in order. Rejects with a
   * `ForwardError` when the request as a whole failed; then none of them is known to have arrived.
   */
  send(documents: readonly Uint8Array[], signal: AbortSignal): Promise<readonly Outcome[]>;
  /** Ends idle connections. May be called twice. */
  close(): Promise<void>;
}

/** What the other side said of one document: `undefined` when it was taken. */
export type Outcome = Unprocessed | undefined;

/** One entry of `UnprocessedTraceSegments`, or whatever says the same. */
export interface Unprocessed {
  readonly code: string;
  readonly message: string;
  readonly segmentId?: string;
  /** The other side was busy: the same document may be taken later. */
  readonly retryable: boolean;
}

/** X-Ray's limit for one request. */
export const maxDocuments = 50;
/** Ours, so that no request of fifty large documents outlasts its timeout. One document alone may be larger. */
export const maxBytes = 1_000_000;

/** What became of the connection, as the telemetry records of X-Ray's daemon count it. */
export type FailureKind = "timeout" | "connectionRefused" | "unknownHost" | "4xx" | "5xx" | "other";

/**
 * What to do with a request that failed:
 * `retry` with backoff (timeouts, refused connections, unknown hosts, 429, 5xx, expired credentials once renewed);
 * `hold` and try one now and then, for a person must act first (no credentials, access denied, a wrong address);
 * `split`, for some document in it is at fault (400, 413): the halves find out which.
 */
export type Advice = "retry" | "hold" | "split";

/** A request to a way out failed as a whole. */
export class ForwardError extends FluoroscopeError {
  readonly kind: FailureKind;
  readonly advice: Advice;
  readonly status: number | undefined;
  /** What the other side asked for (`Retry-After`), in milliseconds. */
  readonly retryAfterMs: number | undefined;

  constructor(
    message: string,
    about: {
      readonly kind: FailureKind;
      readonly advice: Advice;
      readonly status?: number | undefined;
      readonly retryAfterMs?: number | undefined;
      readonly cause?: unknown;
      /** Where a more telling one is known. */
      readonly code?: ErrorCode;
    },
  ) {
    super(about.code ?? "FLUORO_FORWARD", message, { cause: about.cause });
    this.name = "ForwardError";
    this.kind = about.kind;
    this.advice = about.advice;
    this.status = about.status;
    this.retryAfterMs = about.retryAfterMs;
  }
}
