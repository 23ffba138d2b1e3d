/** Bytes of a trace's key. Part of the file format. */
export const keyLength = 16;

/** A trace id as bytes: ids of X-Ray begin with their time, so keys of one time lie together in the index. */
export function traceKey(traceId: string): Uint8Array {
  return Buffer.from(traceId.slice(2, 10) + traceId.slice(11), "hex");
}

/** The way back. */
export function traceIdOf(key: Uint8Array): string {
  const hex = Buffer.from(key.buffer, key.byteOffset, keyLength).toString("hex");
  return `1-${hex.slice(0, 8)}-${hex.slice(8)}`;
}

/** The time in the id, if it is one. */
export function keySeconds(key: Uint8Array): number {
  return ((key[0]! << 24) | (key[1]! << 16) | (key[2]! << 8) | key[3]!) >>> 0;
}
