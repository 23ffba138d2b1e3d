import type { Attributes, HrTime, Link, SpanContext, SpanKind, SpanStatus } from "@opentelemetry/api";

/**
 * What this package needs of a span, whoever made it: the part that `ReadableSpan` has in the trace SDK's lines 2 and 3
 * alike.
 */
export interface EndedSpan {
  readonly name: string;
  readonly kind: SpanKind;
  spanContext(): SpanContext;
  readonly parentSpanContext?: SpanContext | undefined;
  readonly startTime: HrTime;
  readonly endTime: HrTime;
  readonly status: SpanStatus;
  readonly attributes: Attributes;
  readonly links: readonly Link[];
  readonly events: readonly EndedSpanEvent[];
  readonly resource: { readonly attributes: Attributes };
  readonly instrumentationScope?: { readonly name: string; readonly version?: string | undefined };
}

/** Something that happened at one moment of a span. */
export interface EndedSpanEvent {
  readonly name: string;
  readonly time: HrTime;
  readonly attributes?: Attributes | undefined;
}
