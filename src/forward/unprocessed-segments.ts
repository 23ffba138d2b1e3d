import { isBusyCode } from "./answer-failure.ts";
import { segmentIdOf } from "./segment-id.ts";
import type { Outcome, Unprocessed } from "./way-out.ts";

/**
 * What an answer to PutTraceSegments says of each document; `undefined` when it is not X-Ray's answer at all, so that
 * nobody knows what became of them. An empty body and any JSON are taken for "all taken" but for what
 * `UnprocessedTraceSegments` lists.
 */
export function readOutcomes(body: Buffer, documents: readonly Uint8Array[]): Outcome[] | undefined {
  const outcomes: Outcome[] = new Array<Outcome>(documents.length).fill(undefined);
  const text = body.toString("utf8").trim();
  if (text === "") return outcomes;
  let answer: unknown;
  try {
    answer = JSON.parse(text);
  } catch {
    return undefined;
  }
  const entries = entriesOf(answer);
  if (entries.length > 0) assign(entries, documents, outcomes);
  return outcomes;
}

/**
 * Finds the document of each entry by its segment's id. An entry without one is about a document that the other side could
 * not read, so it goes to one that we cannot read either, or whose id it has not named; never more entries than documents.
 */
function assign(entries: readonly Unprocessed[], documents: readonly Uint8Array[], outcomes: Outcome[]): void {
  const ids = documents.map(segmentIdOf);
  const nameless: Unprocessed[] = [];
  for (const entry of entries) {
    const at = ids.findIndex(
      (id, index) => id !== undefined && id === entry.segmentId && outcomes[index] === undefined,
    );
    if (at >= 0) outcomes[at] = entry;
    else if (entry.segmentId === undefined || !ids.includes(entry.segmentId)) nameless.push(entry);
  }
  const unread = ids.flatMap((id, index) => (id === undefined ? [index] : []));
  const others = ids.flatMap((id, index) => (id !== undefined && outcomes[index] === undefined ? [index] : []));
  [...unread, ...others].slice(0, nameless.length).forEach((at, index) => {
    outcomes[at] = nameless[index];
  });
}

function entriesOf(answer: unknown): Unprocessed[] {
  const listed = member(answer, "UnprocessedTraceSegments");
  if (!Array.isArray(listed)) return [];
  return listed.flatMap((entry: unknown): Unprocessed[] => {
    if (typeof entry !== "object" || entry === null) return [];
    const segmentId = text(member(entry, "Id"));
    const code = text(member(entry, "ErrorCode")) ?? "Unknown";
    const message = text(member(entry, "Message")) ?? "The other side gave no reason.";
    return [{ code, message, ...(segmentId !== undefined && { segmentId }), retryable: isBusyCode(code) }];
  });
}

function member(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null ? (value as Readonly<Record<string, unknown>>)[name] : undefined;
}

function text(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}
