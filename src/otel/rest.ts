import type { AttributeValue } from "./span.ts";

/**
 * Keeps members that have no attribute of their own: texts, numbers, booleans and lists of texts as `<prefix>.<member>`,
 * which can be searched for; the others together as JSON under the prefix itself. Members that are null say nothing.
 */
export function addRest(
  attributes: Map<string, AttributeValue>,
  prefix: string,
  members: Readonly<Record<string, unknown>>,
  isTaken: (member: string) => boolean,
): void {
  const nested: [string, unknown][] = [];
  for (const member in members) {
    if (isTaken(member)) continue;
    const value = members[member];
    if (isPlain(value)) attributes.set(`${prefix}.${member}`, value);
    else if (value !== null) nested.push([member, value]);
  }
  if (nested.length > 0) attributes.set(prefix, JSON.stringify(Object.fromEntries(nested)));
}

function isPlain(value: unknown): value is string | number | boolean | readonly string[] {
  return typeof value !== "object" || (Array.isArray(value) && value.every((item) => typeof item === "string"));
}
