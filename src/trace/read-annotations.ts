import { asObject, type WireObject } from "./members.ts";
import type { AnnotationValue } from "./segment.ts";

/** Annotations that are a text, a finite number or a boolean. Other values are left out, the document is kept. */
export function readAnnotations(value: unknown): Readonly<Record<string, AnnotationValue>> | undefined {
  const annotations = asObject(value);
  if (annotations === undefined) return undefined;
  for (const key in annotations) {
    if (!isAnnotationValue(annotations[key])) return keepGood(annotations);
  }
  return annotations as Record<string, AnnotationValue>;
}

function keepGood(annotations: WireObject): Record<string, AnnotationValue> {
  return Object.fromEntries(
    Object.entries(annotations).filter((entry): entry is [string, AnnotationValue] => isAnnotationValue(entry[1])),
  );
}

function isAnnotationValue(value: unknown): value is AnnotationValue {
  return (
    typeof value === "string" || typeof value === "boolean" || (typeof value === "number" && Number.isFinite(value))
  );
}
