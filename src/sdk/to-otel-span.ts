import type { Attributes, HrTime, Link } from "@opentelemetry/api";
import { type AttributeValue, parentFlags, type Span, type SpanKind, type SpanLink } from "../otel/span.ts";
import type { EndedSpan } from "./ended-span.ts";
import { type Privacy, permit } from "./privacy.ts";

export interface SpanView {
  readonly privacy: Privacy;
  /** The parent's id was made up, and is nobody's. */
  readonly isParentMadeUp?: boolean;
  /** The parent is somebody else's, but what is recorded belongs to their segment: so it is in Lambda. */
  readonly isWithinParent?: boolean;
  /** It goes on: this is how it stands. */
  readonly isInProgress?: boolean;
}

/** A span of the API as the translator takes it. */
export function toOtelSpan(span: EndedSpan, view: SpanView): Span {
  const { traceId, spanId, traceFlags } = span.spanContext();
  const parent = view.isParentMadeUp ? undefined : span.parentSpanContext;
  const isRemote = parent?.isRemote === true && !view.isWithinParent;
  const attributes = readAttributes(span.attributes, view.privacy);
  if (view.isInProgress) attributes.set("aws.xray.inprogress", true);
  return {
    traceId,
    spanId,
    parentSpanId: parent?.spanId,
    flags: traceFlags | parentFlags.isKnown | (isRemote ? parentFlags.isRemote : 0),
    name: span.name,
    // OTLP counts from 1, the API from 0.
    kind: (span.kind + 1) as SpanKind,
    startTimeUnixNano: toNanoseconds(span.startTime),
    endTimeUnixNano: view.isInProgress ? "0" : toNanoseconds(span.endTime),
    attributes,
    events: span.events.map(({ name, time, attributes: given = {} }) => ({
      name,
      timeUnixNano: toNanoseconds(time),
      attributes: readAttributes(given, view.privacy),
    })),
    links: span.links.map(toOtelLink),
    status: span.status,
  };
}

function toOtelLink({ context, attributes = {} }: Link): SpanLink {
  return {
    traceId: context.traceId,
    spanId: context.spanId,
    attributes: new Map(Object.entries(attributes) as [string, AttributeValue][]),
  };
}

function readAttributes(attributes: Attributes, privacy: Privacy): Map<string, AttributeValue> {
  const read = new Map<string, AttributeValue>();
  for (const key in attributes) {
    const value = attributes[key] as AttributeValue | undefined;
    const permitted = value === undefined ? undefined : permit(key, value, privacy);
    if (permitted !== undefined) read.set(key, permitted);
  }
  return read;
}

function toNanoseconds([seconds, nanoseconds]: HrTime): string {
  return `${seconds}${String(nanoseconds).padStart(9, "0")}`;
}
