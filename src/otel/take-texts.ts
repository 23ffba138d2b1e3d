import type { AttributeValue } from "./span.ts";

/**
 * Gives members that are texts to the attributes that `names` has for them, and answers which. An attribute that is there
 * already stays, and then a member that differs from it is not among the answered.
 */
export function takeTexts(
  attributes: Map<string, AttributeValue>,
  members: Readonly<Record<string, unknown>>,
  names: ReadonlyMap<string, string>,
): readonly string[] {
  const taken: string[] = [];
  for (const member in members) {
    const value = members[member];
    const name = names.get(member);
    if (name === undefined || typeof value !== "string" || (attributes.get(name) ?? value) !== value) continue;
    attributes.set(name, value);
    taken.push(member);
  }
  return taken;
}
