import type { TraceDigest } from "../../trace/digest.ts";
import type { Segment } from "../../trace/segment.ts";
import type { Judge } from "../judge.ts";
import type { StoredTrace } from "../trace-store.ts";
import type { ClickHouse } from "./connect.ts";
import { readLog } from "./document-log.ts";
import { keepLog } from "./replay-log.ts";
import type { SchemaOptions } from "./schema.ts";

/** The documents of each trace that is known. */
export async function readStoredTraces(
  clickhouse: ClickHouse,
  schema: SchemaOptions,
  traceIds: readonly string[],
): Promise<StoredTrace[]> {
  const ids = [...new Set(traceIds)];
  const logs = ids.length === 0 ? new Map() : await readLog(clickhouse, schema, ids);
  return ids.flatMap((id) => {
    const log = logs.get(id);
    if (log === undefined) return [];
    const { documents, revision } = keepLog(log);
    return { id, revision, documents: documents.map(({ text }) => text) };
  });
}

/** Traces whose documents are read at once. */
const tracesPerRead = 200;

/**
 * Those of some digests that the judge lets through, each with a way to its segments: read together, where the filter asks
 * for what only documents tell.
 */
export async function* candidatesOf(
  clickhouse: ClickHouse,
  schema: SchemaOptions,
  judge: Judge,
  digests: readonly TraceDigest[],
): AsyncGenerator<readonly [digest: TraceDigest, read: (traceId: string) => readonly Segment[]]> {
  const through = digests.filter(judge.lets);
  if (!judge.readsDocuments) {
    for (const digest of through) yield [digest, noSegments];
    return;
  }
  for (let at = 0; at < through.length; at += tracesPerRead) {
    const some = through.slice(at, at + tracesPerRead);
    const ids = some.map(({ id }) => id);
    const logs = await readLog(clickhouse, schema, ids);
    const read = (id: string): readonly Segment[] =>
      keepLog(logs.get(id) ?? []).documents.flatMap(({ segments }) => segments);
    for (const digest of some) yield [digest, read];
  }
}

/** Nobody asks. */
const noSegments = (): readonly Segment[] => [];
