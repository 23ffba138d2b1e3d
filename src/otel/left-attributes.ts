import { asObject, type WireObject } from "../trace/members.ts";
import { isConventional } from "./conventions.ts";
import type { SpanReading } from "./span-reading.ts";
import { parsedJson, parsedObject } from "./wire-members.ts";

type Entry = readonly [key: string, value: unknown];

/** The two places of a document for what has no place of its own. */
export interface LeftAttributes {
  readonly annotations: WireObject | undefined;
  readonly metadata: unknown;
}

/**
 * What no other member of a document has read. Annotations, which filter expressions know, are what
 * `aws.xray.annotations` lists; where a span has no such list, plain values that are the application's own. All others
 * are metadata, with `more` among them; `ofSpan` is a namespace of its own.
 */
export function leftOf(reading: SpanReading, more: readonly Entry[], ofSpan: WireObject | undefined): LeftAttributes {
  const { attributes, isOurs } = reading;
  const listed = attributes.texts("aws.xray.annotations");
  const annotations = listed === undefined ? [] : listedAnnotations(reading, listed);
  const whole = isOurs ? attributes.text("aws.xray.metadata") : undefined;
  const namespaces = new Map<string, unknown>();
  if (ofSpan !== undefined) namespaces.set("otel", ofSpan);
  const plain: Entry[] = [];
  for (const entry of [...attributes.left(), ...more]) {
    const [key, value] = entry;
    if (value === null || addNamespace(namespaces, key, value, isOurs)) continue;
    if (!isAnnotation(value)) plain.push(entry);
    else if (listed?.includes(key)) annotations.push([keyOf(key), value]);
    else if (listed === undefined && isOwn(key, value)) annotations.push([keyOf(key), value]);
    else plain.push(entry);
  }
  if (plain.length > 0) addPlain(namespaces, plain);
  return {
    annotations: annotations.length === 0 ? undefined : Object.fromEntries(annotations),
    metadata: namespaces.size > 0 || whole === undefined ? membersOf(namespaces) : parsedJson(whole),
  };
}

/** Attributes that are listed are annotations too when another member has read them, as `rpc.method`. */
function listedAnnotations({ span, attributes, isOurs }: SpanReading, listed: readonly string[]): Entry[] {
  if (!isOurs) {
    const read = listed.map((key): Entry => [keyOf(key), span.attributes.get(key)]);
    return read.filter(([, value]) => isAnnotation(value));
  }
  const moved = new Map(attributes.below("aws.xray.annotation."));
  return listed.map((key) => [key, moved.get(key) ?? span.attributes.get(key)]);
}

const metadataPrefix = "aws.xray.metadata.";

/** Adds what `aws.xray.metadata.<namespace>` has as JSON. Only a segment's own may be other than an object. */
function addNamespace(namespaces: Map<string, unknown>, key: string, value: unknown, isOurs: boolean): boolean {
  if (typeof value !== "string" || !key.startsWith(metadataPrefix)) return false;
  const namespace = key.slice(metadataPrefix.length);
  const members = isOurs ? parsedJson(value) : parsedObject(value);
  if (members === undefined) return false;
  if (isOurs || namespace.toLowerCase() !== "default") namespaces.set(namespace, members);
  else namespaces.set("default", { ...asObject(namespaces.get("default")), ...asObject(members) });
  return true;
}

function addPlain(namespaces: Map<string, unknown>, plain: readonly Entry[]): void {
  const known = namespaces.get("default");
  const members = asObject(known);
  const namespace = known === undefined || members !== undefined ? "default" : "attributes";
  namespaces.set(namespace, { ...members, ...Object.fromEntries(plain) });
}

function membersOf(namespaces: ReadonlyMap<string, unknown>): unknown {
  return namespaces.size === 0 ? undefined : Object.fromEntries(namespaces);
}

/** Longer texts are no annotations in X-Ray. */
const longestAnnotation = 1000;

function isOwn(key: string, value: unknown): boolean {
  return !isConventional(key) && !(typeof value === "string" && value.length > longestAnnotation);
}

function isAnnotation(value: unknown): value is string | number | boolean {
  return (
    typeof value === "string" || typeof value === "boolean" || (typeof value === "number" && Number.isFinite(value))
  );
}

/** Letters, digits, dots and `_`: what X-Ray takes in an annotation's key. */
function keyOf(key: string): string {
  return key.replace(/[^0-9A-Za-z.]/g, "_");
}
