import type {
  Attributes,
  AttributeValue,
  Exception,
  HrTime,
  Link,
  Span,
  SpanContext,
  SpanKind,
  SpanOptions,
  SpanStatus,
  TimeInput,
} from "@opentelemetry/api";
import { readTime } from "./clock.ts";
import type { EndedSpan, EndedSpanEvent } from "./ended-span.ts";
import { exceptionAttributes } from "./exception-attributes.ts";

/** What OpenTelemetry's SDKs keep of each by default, so that no span grows without end. */
const maxEach = 128;

/** What all spans of one tracer share. */
export interface SpanOrigin {
  readonly resource: { readonly attributes: Attributes };
  readonly scope: { readonly name: string; readonly version?: string };
  readonly onEnd: (span: RecordingSpan) => void;
}

/** A span that is being recorded, and can be read when it has ended. */
export class RecordingSpan implements Span, EndedSpan {
  name: string;
  readonly kind: SpanKind;
  readonly parentSpanContext: SpanContext | undefined;
  readonly startTime: HrTime;
  endTime: HrTime = noTime;
  status: SpanStatus = unset;
  readonly attributes: Attributes = {};
  links: readonly Link[] = none;
  events: readonly EndedSpanEvent[] = none;
  ended = false;
  readonly #context: SpanContext;
  readonly #origin: SpanOrigin;
  #attributeCount = 0;

  constructor(
    name: string,
    { kind = 0, startTime, attributes, links }: SpanOptions,
    context: SpanContext,
    parent: SpanContext | undefined,
    origin: SpanOrigin,
  ) {
    this.name = name;
    this.kind = kind;
    this.startTime = readTime(startTime);
    this.parentSpanContext = parent;
    this.#context = context;
    this.#origin = origin;
    if (attributes !== undefined) this.setAttributes(attributes);
    if (links !== undefined) this.addLinks(links);
  }

  get resource(): SpanOrigin["resource"] {
    return this.#origin.resource;
  }

  get instrumentationScope(): SpanOrigin["scope"] {
    return this.#origin.scope;
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
    this.events = [...this.events, { name, attributes, time: readTime(isTime ? attributesOrTime : time) }];
    return this;
  }

  addLink(link: Link): this {
    if (!this.ended && this.links.length < maxEach) this.links = [...this.links, link];
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

  /** An error that climbs is recorded once in a trace, where it was met first: above, the segment points at it. */
  recordException(exception: Exception, time?: TimeInput): void {
    if (this.ended || isRecorded(exception, this.#context.traceId)) return;
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
    this.#origin.onEnd(this);
  }
}

/** In which trace an error was recorded. */
const recorded = new WeakMap<object, string>();

function isRecorded(exception: Exception, traceId: string): boolean {
  if (typeof exception !== "object" || exception === null) return false;
  if (recorded.get(exception) === traceId) return true;
  recorded.set(exception, traceId);
  return false;
}

const unset: SpanStatus = { code: 0 };
const noTime: HrTime = [0, 0];
/** Most spans have no events and no links: they share the lists. */
const none: readonly [] = [];

function isTimeInput(value: Attributes | TimeInput): value is TimeInput {
  return typeof value === "number" || value instanceof Date || Array.isArray(value);
}

function isBefore(a: HrTime, b: HrTime): boolean {
  return a[0] < b[0] || (a[0] === b[0] && a[1] < b[1]);
}
