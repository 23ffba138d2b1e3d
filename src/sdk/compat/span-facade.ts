import { type Span, TraceFlags } from "@opentelemetry/api";
import { FacadeSegment } from "./facade-segment.ts";
import { getLogger } from "./logger.ts";

const error = 2;

/** A span of OpenTelemetry, seen as the segment it will be: what is recorded on it goes to the span. */
export class SpanFacade extends FacadeSegment {
  readonly #span: Span;

  constructor(span: Span) {
    super("span");
    const { traceId, spanId, traceFlags } = span.spanContext();
    this.#span = span;
    this.trace_id = `1-${traceId.slice(0, 8)}-${traceId.slice(8)}`;
    this.id = spanId;
    if ((traceFlags & TraceFlags.SAMPLED) === 0) this.notTraced = true;
  }

  protected told(method: string): void {
    getLogger().warn(`${method} does nothing on a span of OpenTelemetry.`);
  }

  override addAnnotation(key: string, value: boolean | string | number): void {
    this.#span.setAttribute(key, value);
  }

  override addMetadata(key: string, value: unknown, namespace = "default"): void {
    this.#span.setAttribute(`${namespace}.${key}`, typeof value === "string" ? value : this.serialize(value));
  }

  override addError(err: Error | string): void {
    this.#span.recordException(err);
    this.addFaultFlag();
  }

  override addFaultFlag(): void {
    this.#span.setStatus({ code: error });
  }

  override setUser(user: string): void {
    this.#span.setAttribute("enduser.id", user);
  }
}
