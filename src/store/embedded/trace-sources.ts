import { hashText } from "../hash-text.ts";
import { byPlace, placeOf, type TracePlace, type TraceRange } from "../trace-in-range.ts";
import { type DigestRow, DigestView } from "./digest-view.ts";
import type { Source, Traces } from "./newest-first.ts";
import type { PartInfo } from "./part-info.ts";
import type { Run, Snapshot } from "./part-reader.ts";
import { lookUp, runLength, shardOf, shardsPerRun } from "./term-run.ts";
import { traceKey } from "./trace-key.ts";

/** Which traces are wanted, as far as columns can tell; whoever reads them looks again. */
export interface Wanted extends TraceRange {
  /** Only what comes behind this place. */
  readonly after: TracePlace | undefined;
  /** A wanted trace has a term of each clause; no clause: no index helps. */
  readonly clauses: readonly (readonly string[])[];
}

const columns = "seq, id, time, start, digest";

/** Terms of more than this share of the traces are not looked up: reading along the times is as quick, and in order. */
const commonShare = 1 / 8;

/** Where the wanted traces of a part are to be found: in the index of terms and the tail behind it, or by time alone. */
export function traceSources(snapshot: Snapshot, part: PartInfo, wanted: Wanted): Source[] {
  const newestSeconds = wanted.rangeType === "TraceId" ? part.maxTime : part.maxStart;
  const runs = snapshot.runs.filter((run) => overlaps(run, part, wanted));
  const clauses = wanted.clauses.map((terms) => terms.map(hashText));
  if (!isSelective(snapshot, runs.at(-1), clauses)) {
    return [{ newestSeconds, open: () => byTime(snapshot, part, wanted) }];
  }
  return [
    { newestSeconds, open: () => inTail(snapshot, wanted) },
    ...runs.map((run) => ({
      newestSeconds: (wanted.rangeType === "TraceId" ? run.max_time : run.max_start) ?? Number.NEGATIVE_INFINITY,
      open: () => inRun(snapshot, run, clauses, wanted),
    })),
  ];
}

function isSelective(snapshot: Snapshot, newest: Run | undefined, clauses: Clauses): boolean {
  if (clauses.length === 0) return false;
  return newest === undefined || seqsIn(snapshot, newest, clauses).length <= runLength * commonShare;
}

type Clauses = readonly (readonly number[])[];

function* byTime(snapshot: Snapshot, part: PartInfo, wanted: Wanted): Traces {
  const { startSeconds, endSeconds, rangeType, after } = wanted;
  const isById = rangeType === "TraceId";
  const column = isById ? "time" : "start";
  const statement = snapshot.prepare(
    `SELECT ${columns} FROM trace INDEXED BY trace_by_${column} WHERE ${column} >= ? AND ${column} < ? ` +
      `${isById ? "" : "AND until >= ? "}${after === undefined ? "" : `AND (${column}, id) < (?, ?) `}` +
      `ORDER BY ${column} DESC, id DESC`,
  );
  const rows = statement.iterate(
    isById ? startSeconds : startSeconds - part.longest,
    isById ? endSeconds : endSeconds + part.early,
    ...(isById ? [] : [startSeconds]),
    ...(after === undefined ? [] : [after.seconds, traceKey(after.id)]),
  );
  for (const row of rows) yield new DigestView(row as DigestRow, snapshot.dictionary);
}

function* inTail(snapshot: Snapshot, wanted: Wanted): Traces {
  const firstSeq = (snapshot.runs.at(-1)?.last_seq ?? 0) + 1;
  const rows = snapshot.prepare(`SELECT ${columns} FROM trace WHERE seq >= ?`).all(firstSeq);
  yield* inOrder(rows as DigestRow[], snapshot, wanted);
}

function* inRun(snapshot: Snapshot, run: Run, clauses: Clauses, wanted: Wanted): Traces {
  const trace = snapshot.prepare(`SELECT ${columns} FROM trace WHERE seq = ?`);
  const seqs = seqsIn(snapshot, run, clauses);
  // A version that was superseded since is not there any more.
  const rows = seqs.flatMap((seq) => (trace.get(seq) as DigestRow | undefined) ?? []);
  yield* inOrder(rows, snapshot, wanted);
}

/** The run's versions that have a term of each clause, or one whose hash is the same. */
function seqsIn(snapshot: Snapshot, run: Run, clauses: Clauses): number[] {
  const shard = snapshot.prepare("SELECT postings FROM shard WHERE key = ?");
  let seqs: Set<number> | undefined;
  for (const hashes of clauses) {
    const found = new Set<number>();
    for (const hash of hashes) {
      const row = shard.get(run.number * shardsPerRun + shardOf(hash)) as { postings: Uint8Array } | undefined;
      if (row === undefined) continue;
      for (const seq of lookUp(row.postings, hash, run.first_seq)) if (seqs?.has(seq) ?? true) found.add(seq);
    }
    if (found.size === 0) return [];
    seqs = found;
  }
  return [...(seqs ?? [])];
}

/** Few enough to be sorted here: no index has them in order. */
function* inOrder(rows: readonly DigestRow[], { dictionary }: Snapshot, wanted: Wanted): Traces {
  const { rangeType, after } = wanted;
  const placed = rows
    .map((row) => new DigestView(row, dictionary))
    .map((trace) => ({ trace, place: placeOf(trace, rangeType) }))
    .filter(({ place }) => after === undefined || byPlace(place, after) > 0);
  for (const { trace } of placed.sort((a, b) => byPlace(a.place, b.place))) yield trace;
}

function overlaps(run: Run, part: PartInfo, { rangeType, startSeconds, endSeconds }: TraceRange): boolean {
  const isById = rangeType === "TraceId";
  const from = isById ? run.min_time : run.min_start;
  const to = isById ? run.max_time : run.max_until;
  if (from === null || to === null) return false;
  return from - (isById ? 0 : part.early) < endSeconds && to >= startSeconds;
}
