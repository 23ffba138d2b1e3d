import {
  type Attributes,
  type Context,
  context,
  isSpanContextValid,
  type Span,
  type SpanContext,
  SpanKind,
  type SpanOptions,
  TraceFlags,
  type Tracer,
  trace,
} from "@opentelemetry/api";
import { readTime } from "./clock.ts";
import { lambdaContext } from "./lambda.ts";
import { RecordingSpan } from "./recording-span.ts";
import { isSuppressed } from "./suppressed.ts";
import { XRayIdGenerator } from "./xray-id-generator.ts";
import type { XRaySampler } from "./xray-sampler.ts";
import type { XRaySpanProcessor } from "./xray-span-processor.ts";

/** What all tracers of an application share. */
export interface TracerParts {
  readonly sampler: Pick<XRaySampler, "shouldSample">;
  readonly processor: Pick<XRaySpanProcessor, "onStart" | "onEnd">;
  readonly resource: { readonly attributes: Attributes };
  readonly environment: Readonly<Record<string, string | undefined>>;
}

const ids = new XRayIdGenerator();
const noLinks: [] = [];

/**
 * Makes spans. Small on purpose: loading and running OpenTelemetry's own SDK costs several times as much, and X-Ray needs
 * nothing else of it.
 */
export class XRayTracer implements Tracer {
  readonly #parts: TracerParts;
  readonly #scope: { readonly name: string; readonly version?: string };
  readonly #onEnd: (span: RecordingSpan) => void;

  constructor(parts: TracerParts, scope: { readonly name: string; readonly version?: string }) {
    this.#parts = parts;
    this.#scope = scope;
    this.#onEnd = (span) => parts.processor.onEnd(span);
  }

  startSpan(name: string, options: SpanOptions = {}, within: Context = context.active()): Span {
    if (isSuppressed(within)) return trace.wrapSpanContext(noSpan);
    const given = options.root ? trace.deleteSpan(within) : within;
    // In Lambda, what is not within a span of ours is within the invocation.
    const surrounding = parentIn(given) === undefined ? lambdaContext(given, this.#parts.environment) : given;
    if (surrounding === undefined) return trace.wrapSpanContext(noSpan);
    const parent = parentIn(surrounding);
    const { kind = SpanKind.INTERNAL, links = noLinks, attributes = {} } = options;
    const traceId = parent?.traceId ?? ids.generateTraceId();
    const isLocal = parent !== undefined && parent.isRemote !== true;
    const sampling = isLocal
      ? undefined
      : this.#parts.sampler.shouldSample(surrounding, traceId, name, kind, attributes, links);
    const isSampled = isLocal ? (parent.traceFlags & TraceFlags.SAMPLED) !== 0 : sampling?.decision === 2;
    const spanContext: SpanContext = {
      traceId,
      spanId: ids.generateSpanId(),
      traceFlags: isSampled ? TraceFlags.SAMPLED : TraceFlags.NONE,
      ...(parent?.traceState && { traceState: parent.traceState }),
    };
    if (!isSampled) return trace.wrapSpanContext(spanContext);
    const { resource, processor } = this.#parts;
    const startTime = readTime(options.startTime);
    const birth = {
      name,
      kind,
      context: spanContext,
      parent,
      startTime,
      attributes,
      links,
      resource,
      scope: this.#scope,
    };
    const span = new RecordingSpan(birth, this.#onEnd);
    if (sampling?.attributes !== undefined) span.setAttributes(sampling.attributes);
    processor.onStart(span, surrounding);
    return span;
  }

  startActiveSpan<F extends (span: Span) => unknown>(name: string, fn: F): ReturnType<F>;
  startActiveSpan<F extends (span: Span) => unknown>(name: string, options: SpanOptions, fn: F): ReturnType<F>;
  startActiveSpan<F extends (span: Span) => unknown>(
    name: string,
    options: SpanOptions,
    within: Context,
    fn: F,
  ): ReturnType<F>;
  startActiveSpan<F extends (span: Span) => unknown>(name: string, ...rest: unknown[]): ReturnType<F> {
    const fn = rest.at(-1) as F;
    const options = rest.length > 1 ? (rest[0] as SpanOptions) : {};
    const within = rest.length > 2 ? (rest[1] as Context) : context.active();
    const span = this.startSpan(name, options, within);
    return context.with(trace.setSpan(within, span), fn as (span: Span) => ReturnType<F>, undefined, span);
  }
}

function parentIn(within: Context): SpanContext | undefined {
  const found = trace.getSpanContext(within);
  return found !== undefined && isSpanContextValid(found) ? found : undefined;
}

/** Nothing to record, and nothing to tell a callee. */
const noSpan: SpanContext = {
  traceId: "00000000000000000000000000000000",
  spanId: "0000000000000000",
  traceFlags: TraceFlags.NONE,
};
