import type { Attributes } from "@opentelemetry/api";
import type { OtlpRequest } from "../otel/otlp-request.ts";
import type { AttributeValue, Resource, ResourceSpans, Scope, Span } from "../otel/span.ts";
import type { EndedSpan } from "./ended-span.ts";

/** Spans as the translator takes them: by resource, and by who recorded them. */
export function toOtelRequest(ended: readonly EndedSpan[], toOtel: (span: EndedSpan) => Span): OtlpRequest {
  const groups: (ResourceSpans & { readonly spans: Span[] })[] = [];
  for (const span of ended) {
    const resource = resourceOf(span.resource);
    const scope = span.instrumentationScope ?? noScope;
    const group = groups.find((one) => one.resource === resource && one.scope.name === scope.name);
    if (group === undefined) groups.push({ resource, scope, spans: [toOtel(span)] });
    else group.spans.push(toOtel(span));
  }
  return groups;
}

const noScope: Scope = { name: "" };
const resources = new WeakMap<object, Resource>();

/** A resource as the translator takes it. A process has one or two, and each is read once. */
export function resourceOf(resource: { readonly attributes: Attributes }): Resource {
  const known = resources.get(resource);
  if (known !== undefined) return known;
  const attributes = Object.entries(resource.attributes).filter(([, value]) => value !== undefined);
  const read: Resource = { attributes: new Map(attributes as [string, AttributeValue][]) };
  resources.set(resource, read);
  return read;
}
