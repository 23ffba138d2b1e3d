import type { Segment } from "../../trace/segment.ts";
import { segmentsOf } from "../segments-of.ts";
import type { StoredTrace } from "../trace-store.ts";
import { DigestView } from "./digest-view.ts";
import { decodePlaces, readDocuments } from "./document-blocks.ts";
import type { Snapshot } from "./part-reader.ts";
import { traceKey } from "./trace-key.ts";

/** A trace with its documents, if it is in that part. */
export function readTrace(id: string, snapshot: Snapshot): StoredTrace | undefined {
  const found = snapshot.prepare("SELECT digest, documents FROM trace WHERE id = ?").get(traceKey(id));
  if (found === undefined) return undefined;
  const row = found as { readonly digest: Uint8Array; readonly documents: Uint8Array };
  const { revision } = new DigestView(row.digest, snapshot.dictionary);
  return { id, revision, documents: readDocuments(decodePlaces(row.documents), blockReader(snapshot)) };
}

/** Reads the segments of one trace after another. Traces of about the same time share blocks, which are inflated once. */
export function segmentReader(snapshots: readonly Snapshot[]): (traceId: string) => readonly Segment[] {
  const blocks = snapshots.map(() => new Map<number, Buffer>());
  return (traceId) => {
    for (const [at, snapshot] of snapshots.entries()) {
      const found = snapshot.prepare("SELECT documents FROM trace WHERE id = ?").get(traceKey(traceId));
      if (found === undefined) continue;
      const inflated = blocks[at]!;
      if (inflated.size > mostBlocks) inflated.clear();
      const places = decodePlaces((found as { documents: Uint8Array }).documents);
      return readDocuments(places, blockReader(snapshot), inflated).flatMap((text) => segmentsOf(text, traceId));
    }
    return [];
  };
}

/** Of 64 KB each, and only while one question is answered. */
const mostBlocks = 64;

function blockReader(snapshot: Snapshot): (number: number) => Uint8Array {
  const block = snapshot.prepare("SELECT documents FROM block WHERE number = ?");
  return (number) => (block.get(number) as { documents: Uint8Array }).documents;
}
