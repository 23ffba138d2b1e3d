/**
 * A value as JSON in which nothing can have an effect on a terminal: JSON's own writer leaves the control characters from
 * 127 on, and those that turn the reading direction, as they are.
 */
export function jsonText(value: unknown, indent?: number): string {
  return escapedJson(JSON.stringify(value, undefined, indent));
}

/** The same for JSON that is there already. Such characters can only stand within its texts. */
export function escapedJson(json: string): string {
  return json.replace(/[\u007f-\u009f\p{Cf}\u2028\u2029]/gu, (character) =>
    // One beyond the first plane is two units.
    Array.from(
      { length: character.length },
      (_, at) => `\\u${character.charCodeAt(at).toString(16).padStart(4, "0")}`,
    ).join(""),
  );
}
