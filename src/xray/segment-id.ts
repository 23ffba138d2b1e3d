import { type Random, randomHex } from "./random.ts";

/** True for 16 hex digits, in either case. */
export function isSegmentId(text: string): boolean {
  return /^[0-9a-fA-F]{16}$/.test(text);
}

/** A new segment id: 16 lower-case hex digits. */
export function newSegmentId(random?: Random): string {
  return randomHex(8, random);
}
