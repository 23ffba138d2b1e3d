/** A source of random bytes; an argument wherever chance is needed, so that tests can fix it. */
export type Random = (size: number) => Uint8Array;

/** Random bytes from the platform. */
const platformRandom: Random = (size) => crypto.getRandomValues(new Uint8Array(size));

/** So many random bytes, as lower-case hex digits. */
export function randomHex(sizeBytes: number, random: Random = platformRandom): string {
  let text = "";
  for (const byte of random(sizeBytes)) text += byte.toString(16).padStart(2, "0");
  return text;
}
