import type { WireObject } from "../trace/members.ts";
import type { AttributeReader } from "./attribute-reader.ts";

/** The members, if one of them says anything. */
export function saying(members: WireObject): WireObject | undefined {
  for (const name in members) if (members[name] !== undefined) return members;
  return undefined;
}

/** What `addRest` has kept below a prefix. */
export function restOf(attributes: AttributeReader, prefix: string): WireObject {
  const nested = attributes.look(prefix);
  const members = nested === undefined ? undefined : parsedObject(nested);
  if (members !== undefined) attributes.skip(prefix);
  return { ...members, ...Object.fromEntries(attributes.below(`${prefix}.`)) };
}

/** The JSON object that a text is; undefined if it is none. */
export function parsedObject(text: string): WireObject | undefined {
  const value = parsedJson(text);
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as WireObject) : undefined;
}

/** What a text is in JSON; undefined if it is none. */
export function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Instrumentation may put any text there; the caller keeps it as one.
    return undefined;
  }
}
