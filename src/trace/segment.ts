/**
 * One segment or subsegment, whatever SDK it came from. The wire's snake_case and its dialects end at `parseSegment`;
 * everything behind it works on this shape. Times are epoch seconds (fractions allowed). Absent is `undefined`.
 */
export interface Segment {
  /** 16 lower-case hex digits. */
  readonly id: string;
  readonly name: string;
  /** `1-8hex-24hex`, lower case. Embedded subsegments carry their segment's. */
  readonly traceId: string;
  /** Id of the enclosing or calling (sub)segment; absent on a root. For an embedded subsegment: its parent by nesting. */
  readonly parentId?: string;
  /** True for a subsegment, embedded or sent alone. */
  readonly isSubsegment: boolean;
  readonly startSeconds: number;
  /** Absent while in progress. */
  readonly endSeconds?: number;
  readonly inProgress: boolean;

  /** Flags as sent, or implied by the HTTP status (4xx error, 429 error and throttle, 5xx fault). */
  readonly fault: boolean;
  readonly error: boolean;
  readonly throttle: boolean;

  /** Subsegments: `aws` and `remote` denote a call to another service. Anything else counts as none. */
  readonly namespace?: "aws" | "remote";
  readonly origin?: string;
  readonly user?: string;
  readonly resourceArn?: string;
  readonly http?: Http;
  readonly sql?: Sql;
  readonly aws?: Aws;
  readonly cause?: Cause;
  readonly annotations?: Readonly<Record<string, AnnotationValue>>;
  /** Anything the sender liked to say, as it came. */
  readonly metadata?: unknown;
  readonly service?: Readonly<Record<string, unknown>>;
  readonly precursorIds?: readonly string[];
  readonly links?: readonly Link[];
  /** The sender says a segment of the callee will follow. */
  readonly traced?: boolean;
  readonly subsegments: readonly Segment[];
}

export type AnnotationValue = string | number | boolean;

export interface Http {
  /** Upper case. */
  readonly method?: string;
  readonly url?: string;
  readonly userAgent?: string;
  readonly clientIp?: string;
  readonly xForwardedFor?: boolean;
  readonly status?: number;
  /** Bytes; absent when the sender did not know. */
  readonly contentLength?: number;
}

export interface Sql {
  readonly url?: string;
  readonly connectionString?: string;
  readonly sanitizedQuery?: string;
  readonly databaseType?: string;
  readonly databaseVersion?: string;
  readonly driverVersion?: string;
  readonly user?: string;
  readonly preparation?: string;
}

/** The `aws` block. Members we reason with are named; `raw` is the block with its dialects mended, for display. */
export interface Aws {
  readonly accountId?: string;
  readonly operation?: string;
  readonly region?: string;
  readonly requestId?: string;
  readonly tableName?: string;
  readonly queueUrl?: string;
  readonly topicArn?: string;
  readonly bucketName?: string;
  readonly functionName?: string;
  readonly instanceId?: string;
  readonly availabilityZone?: string;
  readonly samplingRule?: string;
  readonly raw: Readonly<Record<string, unknown>>;
}

export interface Cause {
  /** Set when the cause only points at an exception (or at the subsegment that owns it) recorded further down. */
  readonly reference?: string;
  readonly workingDirectory?: string;
  readonly paths?: readonly string[];
  readonly exceptions: readonly Exception[];
}

export interface Exception {
  readonly id?: string;
  readonly type?: string;
  readonly message?: string;
  readonly remote?: boolean;
  readonly truncated?: number;
  readonly skipped?: number;
  /** Id of the exception that caused this one. */
  readonly cause?: string;
  readonly stack?: readonly StackFrame[];
}

export interface StackFrame {
  readonly path?: string;
  readonly line?: number;
  readonly label?: string;
}

export interface Link {
  readonly traceId: string;
  readonly id?: string;
  readonly attributes?: Readonly<Record<string, unknown>>;
}
