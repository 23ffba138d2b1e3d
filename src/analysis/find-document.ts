/**
 * What was sent of a segment or subsegment, in the sender's own words, without what is below it; `undefined` when no
 * document holds it.
 */
export function findDocument(documents: readonly string[], id: string): Readonly<Record<string, unknown>> | undefined {
  for (const document of documents) {
    if (!document.toLowerCase().includes(id)) continue;
    const found = findIn(JSON.parse(document), id);
    if (found === undefined) continue;
    const { subsegments: _, ...own } = found;
    return own;
  }
  return undefined;
}

function findIn(value: unknown, id: string): Record<string, unknown> | undefined {
  const queue: unknown[] = Array.isArray(value) ? [...value] : [value];
  for (const each of queue) {
    if (typeof each !== "object" || each === null) continue;
    const part = each as Record<string, unknown>;
    if (typeof part.id === "string" && part.id.toLowerCase() === id) return part;
    if (Array.isArray(part.subsegments)) queue.push(...part.subsegments);
  }
  return undefined;
}
