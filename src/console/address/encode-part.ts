/** A text as a part of an address. Half a character, which a trace may have in its names, has no place in one. */
export function encodePart(text: string): string {
  return encodeURIComponent(text.replace(/\p{Surrogate}/gu, "\ufffd"));
}
