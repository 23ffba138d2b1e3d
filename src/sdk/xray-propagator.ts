import {
  type Context,
  createTraceState,
  isSpanContextValid,
  type SpanContext,
  type TextMapGetter,
  type TextMapPropagator,
  type TextMapSetter,
  TraceFlags,
  trace,
} from "@opentelemetry/api";
import { formatTraceHeader, parseTraceHeader, type TraceHeader } from "../xray/trace-header.ts";
import { parseTraceId, toW3cTraceId } from "../xray/trace-id.ts";
import { formatTraceparent, parseTraceparent } from "../xray/traceparent.ts";
import { callerOf, withCaller } from "./caller.ts";
import { invocationExtra, isLambda } from "./lambda.ts";
import { XRayIdGenerator } from "./xray-id-generator.ts";

const xrayHeader = "x-amzn-trace-id";
const ids = new XRayIdGenerator();

/**
 * Reads X-Ray's trace header or, without one, W3C's; writes both. Takes what real headers have: a root alone, as load
 * balancers add it, `Sampled=?`, keys in any case; hands `Lineage` and foreign pairs on.
 * @example
 * propagation.setGlobalPropagator(new XRayPropagator());
 */
export class XRayPropagator implements TextMapPropagator {
  readonly #isLambda = isLambda(process.env);

  inject(context: Context, carrier: unknown, setter: TextMapSetter): void {
    const span = trace.getSpanContext(context);
    if (span === undefined || !isSpanContextValid(span)) return;
    const root = parseTraceId(span.traceId)!;
    const isSampled = (span.traceFlags & TraceFlags.SAMPLED) !== 0;
    const extra = callerOf(context)?.extra ?? (this.#isLambda ? invocationExtra(process.env, span.traceId) : []);
    const header = { root, parent: span.spanId, sampled: isSampled ? "1" : "0", extra } as const;
    setter.set(carrier, xrayHeader, formatTraceHeader(header));
    setter.set(carrier, "traceparent", formatTraceparent({ traceId: root, parentId: span.spanId, isSampled }));
    const state = span.traceState?.serialize();
    if (state) setter.set(carrier, "tracestate", state);
  }

  extract(context: Context, carrier: unknown, getter: TextMapGetter): Context {
    const text = read(carrier, xrayHeader, getter);
    const header = text === undefined ? undefined : parseTraceHeader(text);
    if (header?.root !== undefined) return withHeader(context, header, header.root);
    const parent = parseTraceparent(read(carrier, "traceparent", getter));
    if (parent !== undefined) {
      const { traceId, parentId, isSampled } = parent;
      const state = read(carrier, "tracestate", getter);
      const called = withCaller(context, {
        sampled: isSampled ? "1" : "0",
        isParentMadeUp: false,
        extra: header?.extra ?? [],
      });
      return withParent(called, traceId, parentId, isSampled, state);
    }
    return header === undefined ? context : withCaller(context, { ...header, isParentMadeUp: false });
  }

  fields(): string[] {
    return [xrayHeader, "traceparent", "tracestate"];
  }
}

/** A context whose next span belongs to the trace that an X-Ray header names. */
export function withHeader(context: Context, header: TraceHeader, root: string): Context {
  const { parent, sampled, extra } = header;
  const isParentMadeUp = parent === undefined;
  const called = withCaller(context, { isParentMadeUp, extra, ...(sampled && { sampled }) });
  return withParent(called, root, parent ?? ids.generateSpanId(), sampled === "1", undefined);
}

function withParent(
  context: Context,
  traceId: string,
  spanId: string,
  isSampled: boolean,
  state: string | undefined,
): Context {
  const parent: SpanContext = {
    traceId: toW3cTraceId(traceId),
    spanId,
    traceFlags: isSampled ? TraceFlags.SAMPLED : TraceFlags.NONE,
    isRemote: true,
    ...(state && { traceState: createTraceState(state) }),
  };
  return isSpanContextValid(parent) ? trace.setSpanContext(context, parent) : context;
}

/** Carriers other than Node's headers may spell names as they like. */
function read(carrier: unknown, name: string, getter: TextMapGetter): string | undefined {
  let value = getter.get(carrier, name);
  if (value === undefined) {
    const spelled = getter.keys(carrier).find((key) => key.toLowerCase() === name);
    if (spelled !== undefined) value = getter.get(carrier, spelled);
  }
  return Array.isArray(value) ? value.join(",") : value;
}
