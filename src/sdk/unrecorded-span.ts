import { type Span, type SpanContext, TraceFlags } from "@opentelemetry/api";
import { newSpanContext } from "./new-span-context.ts";

/** A span that is not recorded: its ids are handed on, and that is all. They are made when somebody wants them. */
export class UnrecordedSpan implements Span {
  readonly #parent: SpanContext | undefined;
  #context: SpanContext | undefined;

  constructor(parent: SpanContext | undefined) {
    this.#parent = parent;
  }

  spanContext(): SpanContext {
    this.#context ??= newSpanContext(this.#parent, TraceFlags.NONE);
    return this.#context;
  }

  setAttribute(): this {
    return this;
  }

  setAttributes(): this {
    return this;
  }

  addEvent(): this {
    return this;
  }

  addLink(): this {
    return this;
  }

  addLinks(): this {
    return this;
  }

  setStatus(): this {
    return this;
  }

  updateName(): this {
    return this;
  }

  end(): void {
    // Nothing began.
  }

  isRecording(): boolean {
    return false;
  }

  recordException(): void {
    // Nobody would read it.
  }
}
