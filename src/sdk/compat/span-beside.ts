import { type Context, context, isSpanContextValid, type Span, TraceFlags, trace } from "@opentelemetry/api";
import { parseTraceId, toW3cTraceId } from "../../xray/trace-id.ts";
import { namespace, runWith } from "./namespace.ts";
import type { Segment } from "./segment.ts";
import { SpanFacade } from "./span-facade.ts";
import type { Subsegment } from "./subsegment.ts";

/**
 * OpenTelemetry's spans beside X-Ray's segments: an application moves from one to the other step by step, so each hangs
 * from the other, whichever was begun last.
 */
type Work = Segment | Subsegment;

/** Where all copies of OpenTelemetry's API with one major version meet. */
const api = Symbol.for("opentelemetry.js.api.1");
const segmentKey = "segment";
/** The span that was active when the segment was set: one that was begun later is deeper. */
const spanKey = "span";

const facades = new WeakMap<Span, SpanFacade>();
/** Spans that stand for segments. */
const standIns = new WeakSet<Span>();

/** What is being worked on: the segment that was set, or the span that was begun since, seen as a segment. */
export function current(): Work | undefined {
  const held = namespace.get<Work | undefined>(segmentKey);
  const span = trace.getSpan(context.active());
  if (span === undefined || standIns.has(span) || span === namespace.get(spanKey)) return held;
  const { traceId } = span.spanContext();
  if (!isSpanContextValid(span.spanContext())) return held;
  if (held !== undefined && traceIdOf(held) !== traceId) return held;
  return facadeOf(span);
}

/** Makes a segment what is being worked on. */
export function setCurrent(work: Work): void {
  namespace.set(segmentKey, work);
  namespace.set(spanKey, trace.getSpan(context.active()));
}

/** The span that surrounds, seen as a segment; undefined where there is none of OpenTelemetry's. */
export function surroundingSpan(): Segment | undefined {
  const span = trace.getSpan(context.active());
  if (span === undefined || standIns.has(span) || !isSpanContextValid(span.spanContext())) return undefined;
  return facadeOf(span);
}

/** Runs a function within a segment, so that spans which it begins hang from the segment. */
export function runWithin<A, T>(work: Work, fn: (argument: A) => T, argument: A): T {
  if (!hasContexts()) return runWith({ [segmentKey]: work, [spanKey]: undefined }, fn, argument);
  const within = contextOf(work);
  const members = { [segmentKey]: work, [spanKey]: trace.getSpan(within) };
  return context.with(within, () => runWith(members, fn, argument));
}

/** Whether OpenTelemetry is in use at all. */
function hasContexts(): boolean {
  return (globalThis as { [api]?: { context?: unknown } })[api]?.context !== undefined;
}

function facadeOf(span: Span): SpanFacade {
  const known = facades.get(span);
  if (known !== undefined) return known;
  const facade = new SpanFacade(span);
  facades.set(span, facade);
  return facade;
}

function traceIdOf(work: Work): string | undefined {
  const traceId = parseTraceId((("segment" in work && work.segment) || (work as Segment)).trace_id ?? "");
  return traceId === undefined ? undefined : toW3cTraceId(traceId);
}

function contextOf(work: Work): Context {
  const within = context.active();
  const traceId = traceIdOf(work);
  if (traceId === undefined || work instanceof SpanFacade) return within;
  const traceFlags = work.notTraced === true ? TraceFlags.NONE : TraceFlags.SAMPLED;
  const span = trace.wrapSpanContext({ traceId, spanId: work.id, traceFlags });
  standIns.add(span);
  return trace.setSpan(within, span);
}
