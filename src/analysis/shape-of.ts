/**
 * What two requests or statements have in common that differ only in what they are about: numbers and ids become `#`.
 * `GET /items/17?page=2` and `GET /items/23?page=9` are one shape.
 */
export function shapeOf(detail: string): string {
  return detail.replace(variable, "#");
}

/** UUIDs, long hexadecimal words with a digit in them, numbers. */
const variable = /\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b|\b(?=[a-f]*\d)[0-9a-f]{8,}\b|\d+/gi;
