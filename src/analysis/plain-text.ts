/**
 * Text from elsewhere on one line: what could move a cursor, change colours or turn the reading direction becomes a sign.
 */
export function plainText(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, (character) => {
    if (character === "\n" || character === "\t" || character === "\r") return " ";
    const code = character.charCodeAt(0);
    return code < 0x20 ? String.fromCharCode(0x2400 + code) : "\ufffd";
  });
}

/** A duration for people, with the unit that fits. */
export function durationText(seconds: number): string {
  const ms = seconds * 1_000;
  if (ms < 9.95) return `${Number(ms.toFixed(1))} ms`;
  if (ms < 999.5) return `${Math.round(ms)} ms`;
  return `${Number(seconds.toFixed(2))} s`;
}
