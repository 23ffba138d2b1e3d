import { type Context, createContextKey, type Span } from "@opentelemetry/api";

/** The key of OpenTelemetry's API for the active span: keys of one name are one key. */
const spanKey = createContextKey("OpenTelemetry Context Key SPAN");

/**
 * As `trace.setSpan`, at a fraction of its price: that copies all that is in a context for each span. A span takes the
 * place of the one before it, so that a chain of spans holds only its last.
 */
export function withSpan(context: Context, span: Span): Context {
  return new ContextWithSpan(context instanceof ContextWithSpan ? context.base : context, span);
}

class ContextWithSpan implements Context {
  /** What is there beside the span; a span of its own is hidden. */
  readonly base: Context;
  readonly #span: Span;

  constructor(base: Context, span: Span) {
    this.base = base;
    this.#span = span;
  }

  getValue(key: symbol): unknown {
    return key === spanKey ? this.#span : this.base.getValue(key);
  }

  setValue(key: symbol, value: unknown): Context {
    if (key === spanKey) return this.base.setValue(key, value);
    return new ContextWithSpan(this.base.setValue(key, value), this.#span);
  }

  deleteValue(key: symbol): Context {
    if (key === spanKey) return this.base.deleteValue(key);
    return new ContextWithSpan(this.base.deleteValue(key), this.#span);
  }
}
