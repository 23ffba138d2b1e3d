/** The id at the top of a document; for those that were not taken, since it reads all of it. */
export function segmentIdOf(document: Uint8Array): string | undefined {
  const text = Buffer.from(document.buffer, document.byteOffset, document.length).toString("utf8");
  try {
    const parsed: unknown = JSON.parse(text);
    if (typeof parsed !== "object" || parsed === null || !("id" in parsed)) return undefined;
    return typeof parsed.id === "string" && parsed.id !== "" ? parsed.id : undefined;
  } catch {
    // Not JSON, which may be the very reason why it was not taken.
    return undefined;
  }
}
