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
import { withSpan } from "./context-with-span.ts";
import { lambdaContext } from "./lambda-context.ts";
import { newSpanContext } from "./new-span-context.ts";
import { RecordingSpan, type SpanOrigin } from "./recording-span.ts";
import { isSuppressed } from "./suppressed.ts";
import { UnrecordedSpan } from "./unrecorded-span.ts";
import type { SpanSamplingResult, XRaySampler } from "./xray-sampler.ts";
import type { XRaySpanProcessor } from "./xray-span-processor.ts";

/** What all tracers of an application share. */
export interface TracerParts {
  readonly sampler: Pick<XRaySampler, "shouldSample">;
  readonly processor: Pick<XRaySpanProcessor, "onStart" | "onEnd">;
  readonly resource: { readonly attributes: Attributes };
  readonly isLambda: boolean;
  readonly environment: Readonly<Record<string, string | undefined>>;
}

/**
 * Makes spans. Small on purpose: loading and running OpenTelemetry's own SDK costs several times as much, and X-Ray needs
 * nothing else of it.
 */
export class XRayTracer implements Tracer {
  readonly #parts: TracerParts;
  readonly #origin: SpanOrigin;
  /** What `fluoroscope run --run` calls this run; an annotation of every segment. */
  readonly #run: string | undefined;

  constructor(parts: TracerParts, scope: { readonly name: string; readonly version?: string }) {
    this.#parts = parts;
    this.#run = parts.environment.FLUOROSCOPE_RUN;
    this.#origin = { resource: parts.resource, scope, onEnd: (span) => parts.processor.onEnd(span) };
  }

  startSpan(name: string, options: SpanOptions = noOptions, within: Context = context.active()): Span {
    if (isSuppressed(within)) return trace.wrapSpanContext(noSpan);
    const surrounding = this.#surroundingOf(options.root ? trace.deleteSpan(within) : within);
    if (surrounding === undefined) return trace.wrapSpanContext(noSpan);
    const above = trace.getSpan(surrounding);
    // Below what is not recorded is nothing to be told apart.
    if (above instanceof UnrecordedSpan) return above;
    const parent = above && validContextOf(above);
    const isLocal = parent !== undefined && parent.isRemote !== true;
    const sampling = isLocal ? undefined : this.#sample(surrounding, name, options);
    const isSampled = isLocal ? (parent.traceFlags & TraceFlags.SAMPLED) !== 0 : sampling?.decision === 2;
    if (!isSampled) return new UnrecordedSpan(parent);
    const spanContext = newSpanContext(parent, TraceFlags.SAMPLED);
    const span = new RecordingSpan(name, options, spanContext, parent, this.#origin);
    if (sampling?.attributes !== undefined) span.setAttributes(sampling.attributes);
    if (!isLocal && this.#run) span.setAttribute("run", this.#run);
    this.#parts.processor.onStart(span, surrounding);
    return span;
  }

  /** In Lambda, what is not within a span of ours is within the invocation. */
  #surroundingOf(within: Context): Context | undefined {
    const { isLambda, environment } = this.#parts;
    if (!isLambda) return within;
    const above = trace.getSpan(within);
    return above && validContextOf(above) ? within : lambdaContext(within, environment);
  }

  #sample(within: Context, name: string, options: SpanOptions): SpanSamplingResult {
    const { kind = SpanKind.INTERNAL, attributes = {}, links = [] } = options;
    return this.#parts.sampler.shouldSample(within, "", name, kind, attributes, links);
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
    const options = rest.length > 1 ? (rest[0] as SpanOptions) : noOptions;
    const within = rest.length > 2 ? (rest[1] as Context) : context.active();
    const span = this.startSpan(name, options, within);
    if (rest.length < 3 && trace.getSpan(within) === span) return fn(span) as ReturnType<F>;
    return context.with(withSpan(within, span), fn as (span: Span) => ReturnType<F>, undefined, span);
  }
}

function validContextOf(span: Span): SpanContext | undefined {
  const found = span.spanContext();
  return span instanceof RecordingSpan || isSpanContextValid(found) ? found : undefined;
}

const noOptions: SpanOptions = {};

/** Nothing to record, and nothing to tell a callee. */
const noSpan: SpanContext = {
  traceId: "00000000000000000000000000000000",
  spanId: "0000000000000000",
  traceFlags: TraceFlags.NONE,
};
