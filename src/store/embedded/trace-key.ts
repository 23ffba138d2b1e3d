/** A trace id as 16 bytes: ids of X-Ray begin with their time, so keys of one time lie together in the index. */
export function traceKey(traceId: string): Uint8Array {
  return Buffer.from(traceId.slice(2, 10) + traceId.slice(11), "hex");
}

/** The way back. */
export function traceIdOf(key: Uint8Array): string {
  const hex = Buffer.from(key.buffer, key.byteOffset, key.length).toString("hex");
  return `1-${hex.slice(0, 8)}-${hex.slice(8)}`;
}
