import { AttributeReader } from "./attribute-reader.ts";
import { ownScope } from "./own-scope.ts";
import { type Scope, type Span, type SpanKind, spanKind } from "./span.ts";

/** A span while its document is being made: each part of the document reads the attributes that it is about. */
export interface SpanReading {
  readonly span: Span;
  readonly attributes: AttributeReader;
  /** It was a (sub)segment before: everything is there as it was, and what is not there was not. */
  readonly isOurs: boolean;
}

export function readingOf(span: Span, isOurs: boolean): SpanReading {
  const hidden = isOurs ? annotationKeys(span) : undefined;
  return { span, attributes: new AttributeReader(span.attributes, hidden), isOurs };
}

/** Whether spans of a scope were made by `segmentsToSpans`. */
export function isOurScope({ name }: Scope): boolean {
  return name === ownScope.name;
}

/** A call to something outside of the service: what has a callee, rather than being one. */
export function isCall(kind: SpanKind): boolean {
  return kind === spanKind.client || kind === spanKind.producer;
}

/** Annotations of a segment under their own keys: such an attribute says nothing else, whatever it is called. */
function annotationKeys({ attributes }: Span): ReadonlySet<string> | undefined {
  const keys = attributes.get("aws.xray.annotations");
  if (!Array.isArray(keys)) return undefined;
  return new Set(keys.filter((key) => typeof key === "string" && !attributes.has(`aws.xray.annotation.${key}`)));
}
