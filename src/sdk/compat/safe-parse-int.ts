/** A number, or a text that is one, as a whole number; 0 for anything else. */
export function safeParseInt(val: number | string): number {
  return val === "" || Number.isNaN(Number(val)) ? 0 : Math.trunc(Number(val)) || 0;
}
