import type { Glyphs } from "./style.ts";

/**
 * Text from elsewhere made safe to print: what could move the cursor, change colours or turn the reading direction is
 * shown as a sign instead. Without Unicode everything beyond ASCII becomes `?`.
 */
export function cleanText(text: string, glyphs: Glyphs): string {
  // Most is plain, and there may be very much of it.
  if (/^[\x20-\x7e]*$/.test(text)) return text;
  // Control characters (escape among them), format characters (direction, zero width), line and paragraph separators.
  const visible = text.replace(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, (character) => {
    if (character === "\n" || character === "\t" || character === "\r") return " ";
    const code = character.charCodeAt(0);
    return code < 0x20 ? String.fromCharCode(0x2400 + code) : "\ufffd";
  });
  return glyphs.isAscii ? visible.replace(/[^\x20-\x7e]/gu, "?") : visible;
}
