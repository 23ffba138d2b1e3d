/**
 * A span as OpenTelemetry's protocol (OTLP) has it. Names are those of its JSON mapping; ids are hex and times are
 * nanoseconds since 1970 in decimal, as texts: no number of JavaScript holds them.
 */
export interface Span {
  /** 32 lower-case hex digits. */
  readonly traceId: string;
  /** 16 lower-case hex digits. */
  readonly spanId: string;
  readonly parentSpanId?: string | undefined;
  /** W3C's trace flags in the lowest byte; `parentFlags` above it. */
  readonly flags?: number | undefined;
  readonly name: string;
  readonly kind: SpanKind;
  readonly startTimeUnixNano: string;
  readonly endTimeUnixNano: string;
  readonly attributes: Attributes;
  readonly events: readonly SpanEvent[];
  readonly links: readonly SpanLink[];
  readonly status?: SpanStatus | undefined;
}

/** By key: a key is there once, and it may be any text, `__proto__` too. */
export type Attributes = ReadonlyMap<string, AttributeValue>;

/** `null` is OTLP's empty value. Whole numbers are sent as int64, others as double. */
export type AttributeValue =
  | string
  | number
  | boolean
  | null
  | readonly AttributeValue[]
  | { readonly [key: string]: AttributeValue };

export interface SpanEvent {
  readonly timeUnixNano: string;
  readonly name: string;
  readonly attributes: Attributes;
}

export interface SpanLink {
  readonly traceId: string;
  readonly spanId?: string | undefined;
  readonly attributes: Attributes;
}

export interface SpanStatus {
  readonly code: StatusCode;
  readonly message?: string | undefined;
}

/** What was on the other side of a span: OTLP's enumeration. */
export const spanKind = { unspecified: 0, internal: 1, server: 2, client: 3, producer: 4, consumer: 5 } as const;
export type SpanKind = (typeof spanKind)[keyof typeof spanKind];

/** OTLP's enumeration. Instrumentation leaves a span that went well unset; `ok` is for people to say. */
export const statusCode = { unset: 0, ok: 1, error: 2 } as const;
type StatusCode = (typeof statusCode)[keyof typeof statusCode];

/** Bits of `Span.flags` that say where the parent is. */
export const parentFlags = { isKnown: 0x100, isRemote: 0x200 } as const;

/** Who a span is about: a service, its process, its machine. */
export interface Resource {
  readonly attributes: Attributes;
}

/** Who recorded a span. */
export interface Scope {
  readonly name: string;
  readonly version?: string | undefined;
}

/** Spans of one resource that were recorded by one scope. */
export interface ResourceSpans {
  readonly resource: Resource;
  readonly scope: Scope;
  readonly spans: readonly Span[];
}
