/**
 * Epoch seconds as nanoseconds in decimal. Goes by the number's text, which is what the sender wrote:
 * `1795504972.898 * 1e9` would be 64 ns off, for a double has 53 bits and the nanoseconds of today need 61.
 */
export function toNanoseconds(seconds: number): string {
  if (seconds < 1) return Math.round(seconds * 1e9).toString();
  const micros = Math.round(seconds * 1e6);
  // Doubles of today are a quarter of a microsecond apart, so that one which comes of whole microseconds was sent as such.
  // Its text need not be made: that costs three times as much as all the rest.
  if (micros / 1e6 === seconds && seconds < maxQuickSeconds) {
    const whole = Math.floor(seconds);
    return `${whole}${String(1_000_000 + Math.round(micros - whole * 1e6)).slice(1)}000`;
  }
  const text = String(seconds);
  const point = text.indexOf(".");
  if (point < 0) return `${text}000000000`;
  return text.slice(0, point) + text.slice(point + 1, point + 10).padEnd(9, "0");
}

/** Until 2242 microseconds are whole numbers that a double holds, and no two of them are one double. */
const maxQuickSeconds = 2 ** 33;

/** The way back: decimal nanoseconds as epoch seconds, as near as a double comes. */
export function toSeconds(nanoseconds: string): number {
  const text = nanoseconds.padStart(10, "0");
  return Number(`${text.slice(0, -9)}.${text.slice(-9)}`);
}
