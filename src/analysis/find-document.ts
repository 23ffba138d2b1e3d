import { isDeeperThan } from "../trace/members.ts";
import { readJson } from "../trace/read-json.ts";
import { MAX_DEPTH } from "../trace/read-segment.ts";

/**
 * What was sent of a segment or subsegment, in the sender's own words, without what is below it; `undefined` when no
 * document holds it.
 */
export function findDocument(documents: readonly string[], id: string): Readonly<Record<string, unknown>> | undefined {
  for (const document of documents) {
    if (!document.toLowerCase().includes(id)) continue;
    const json = readJson(document);
    const found = "value" in json ? findIn(json.value, id) : undefined;
    if (found === undefined) continue;
    const { subsegments: _, ...own } = found;
    // What was left out of the segment for its depth could not be written again either.
    return Object.fromEntries(Object.entries(own).filter(([, member]) => !isDeeperThan(member, MAX_DEPTH)));
  }
  return undefined;
}

function findIn(value: unknown, id: string): Record<string, unknown> | undefined {
  const queue: unknown[] = Array.isArray(value) ? [...value] : [value];
  for (const each of queue) {
    if (typeof each !== "object" || each === null) continue;
    const part = each as Record<string, unknown>;
    if (typeof part.id === "string" && part.id.toLowerCase() === id) return part;
    if (Array.isArray(part.subsegments)) for (const below of part.subsegments) queue.push(below);
  }
  return undefined;
}
