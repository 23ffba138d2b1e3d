import type {
  Attributes,
  AttributeValue,
  Exception,
  HrTime,
  Link,
  Span,
  SpanContext,
  SpanKind,
  SpanStatus,
  TimeInput,
} from "@opentelemetry/api";
import { readTime } from "./clock.ts";
import type { EndedSpan, EndedSpanEvent } from "./ended-span.ts";
import { exceptionAttributes } from "./exception-attributes.ts";

/** What OpenTelemetry's SDKs keep of each by default, so that no span grows without end. */
const maxEach = 128;

/** What a span is born with. */
export interface SpanBirth {
  readonly name: string;
  readonly kind: SpanKind;
  readonly context: SpanContext;
  readonly parent: SpanContext | undefined;
  readonly startTime: HrTime;
  readonly attributes: Attributes | undefined;
  readonly links: readonly Link[];
  readonly resource: { readonly attributes: Attributes };
  readonly scope: { readonly name: string; readonly version?: string };
}

/** A span that is being recorded, and can be read when it has ended. */
export class RecordingSpan implements Span, EndedSpan {
  name: string;
  readonly kind: SpanKind;
  readonly parentSpanContext: SpanContext | undefined;
  readonly startTime: HrTime;
  endTime: HrTime = [0, 0];
  status: SpanStatus = unset;
  readonly attributes: Attributes = {};
  readonly links: Link[] = [];
  readonly events: EndedSpanEvent[] = [];
  readonly resource: { readonly attributes: Attributes };
  readonly instrumentationScope: { readonly name: string; readonly version?: string };
  ended = false;
  readonly #context: SpanContext;
  readonly #onEnd: (span: RecordingSpan) => void;
  #attributeCount = 0;

  constructor(birth: SpanBirth, onEnd: (span: RecordingSpan) => void) {
    this.name = birth.name;
    this.kind = birth.kind;
    this.#context = birth.context;
    this.parentSpanContext = birth.parent;
    this.startTime = birth.startTime;
    this.resource = birth.resource;
    this.instrumentationScope = birth.scope;
    this.#onEnd = onEnd;
    if (birth.attributes !== undefined) this.setAttributes(birth.attributes);
    this.addLinks(birth.links);
  }

  spanContext(): SpanContext {
    return this.#context;
  }

  setAttribute(key: string, value: AttributeValue): this {
    if (this.ended || value === undefined || value === null || key === "" || key === "__proto__") return this;
    if (!(key in this.attributes)) {
      if (this.#attributeCount >= maxEach) return this;
      this.#attributeCount += 1;
    }
    this.attributes[key] = value;
    return this;
  }

  setAttributes(attributes: Attributes): this {
    for (const key in attributes) this.setAttribute(key, attributes[key]!);
    return this;
  }

  addEvent(name: string, attributesOrTime?: Attributes | TimeInput, time?: TimeInput): this {
    if (this.ended || this.events.length >= maxEach) return this;
    const isTime = attributesOrTime !== undefined && isTimeInput(attributesOrTime);
    const attributes = isTime ? undefined : attributesOrTime;
    this.events.push({ name, attributes, time: readTime(isTime ? attributesOrTime : time) });
    return this;
  }

  addLink(link: Link): this {
    if (!this.ended && this.links.length < maxEach) this.links.push(link);
    return this;
  }

  addLinks(links: readonly Link[]): this {
    for (const link of links) this.addLink(link);
    return this;
  }

  /** `OK` is the last word, and `UNSET` says nothing, as OpenTelemetry has it. */
  setStatus({ code, message }: SpanStatus): this {
    if (this.ended || code === 0 || this.status.code === 1) return this;
    this.status = code === 2 && message !== undefined ? { code, message } : { code };
    return this;
  }

  updateName(name: string): this {
    if (!this.ended) this.name = name;
    return this;
  }

  recordException(exception: Exception, time?: TimeInput): void {
    this.addEvent("exception", exceptionAttributes(exception), time);
  }

  isRecording(): boolean {
    return !this.ended;
  }

  /** The first call counts. A span does not end before it began, whatever the clock did. */
  end(endTime?: TimeInput): void {
    if (this.ended) return;
    const time = readTime(endTime);
    this.endTime = isBefore(time, this.startTime) ? this.startTime : time;
    this.ended = true;
    this.#onEnd(this);
  }
}

const unset: SpanStatus = { code: 0 };

function isTimeInput(value: Attributes | TimeInput): value is TimeInput {
  return typeof value === "number" || value instanceof Date || Array.isArray(value);
}

function isBefore(a: HrTime, b: HrTime): boolean {
  return a[0] < b[0] || (a[0] === b[0] && a[1] < b[1]);
}
