import type { PutTraceSegmentsResponse } from "../../api/wire.ts";
import { post } from "../api-client.ts";
import { readTraceFile } from "./read-trace-file.ts";

/** What became of a file of traces. */
export interface Imported {
  readonly documents: number;
  readonly traceIds: readonly string[];
  /** Why some were refused: the first reason. */
  readonly refused: number;
  readonly reason?: string;
}

/** So many documents, and characters, are sent at once: as a daemon would. */
const mostDocuments = 50;
const mostCharacters = 2_000_000;

/** Sends the traces of a file to the server, as an SDK would. Rejects with the reason when nothing of it can be read. */
export async function importTraces(text: string): Promise<Imported> {
  const file = readTraceFile(text);
  if (file.kind === "unreadable") throw new Error(file.reason);
  let refused = 0;
  let reason: string | undefined;
  for (const TraceSegmentDocuments of packs(file.documents)) {
    const answer = await post<PutTraceSegmentsResponse>("/TraceSegments", { TraceSegmentDocuments });
    refused += answer.UnprocessedTraceSegments.length;
    reason ??= answer.UnprocessedTraceSegments[0]?.Message;
  }
  const { documents, traceIds } = file;
  return { documents: documents.length, traceIds, refused, ...(reason !== undefined && { reason }) };
}

function* packs(documents: readonly string[]): Generator<string[]> {
  let pack: string[] = [];
  let characters = 0;
  for (const document of documents) {
    if (pack.length >= mostDocuments || (pack.length > 0 && characters + document.length > mostCharacters)) {
      yield pack;
      pack = [];
      characters = 0;
    }
    pack.push(document);
    characters += document.length;
  }
  if (pack.length > 0) yield pack;
}
