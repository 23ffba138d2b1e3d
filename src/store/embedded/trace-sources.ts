import { hashText } from "../hash-text.ts";
import { byPlace, placeOf, type TracePlace, type TraceRange } from "../trace-in-range.ts";
import { DigestView } from "./digest-view.ts";
import type { Source, Traces } from "./newest-first.ts";
import type { PartInfo } from "./part-info.ts";
import type { Run, Snapshot } from "./part-reader.ts";
import { lookUp, shardOf, shardsPerRun } from "./term-run.ts";
import { traceKey } from "./trace-key.ts";

/** Which traces are wanted. */
export interface Wanted extends TraceRange {
  /** Whether a trace is one of them. Not asked of traces that cannot be. */
  readonly accepts: (trace: DigestView) => boolean;
  /** A wanted trace has a term of each clause. */
  readonly clauses: readonly (readonly string[])[];
  /** Only traces behind this place. */
  readonly after?: TracePlace | undefined;
}

/** Traces of a part that were written one after the other, and so nearly always at about the same time. */
export interface Stretch {
  /** No trace in it is newer than this. */
  readonly newestSeconds: number;
  /** Those that may be wanted, in no particular order. */
  candidates(): Iterable<DigestView>;
}

/**
 * The stretches of a part that the range overlaps: the runs of the index, and the tail behind them. In a run only those
 * traces are candidates that have the terms, unless that is so many that reading all of them is quicker.
 */
export function stretches(snapshot: Snapshot, part: PartInfo, wanted: Wanted): Stretch[] {
  const isById = wanted.rangeType === "TraceId";
  const runs = snapshot.runs.filter((run) => overlaps(run, part, wanted));
  const lookup: TermLookup = { clauses: wanted.clauses.map((terms) => terms.map(hashText)), runsToSkip: 0 };
  return [
    { newestSeconds: isById ? part.maxTime : part.maxStart, candidates: () => rowsFrom(snapshot, tailOf(snapshot)) },
    ...runs.map((run) => ({
      newestSeconds: (isById ? run.max_time : run.max_start) ?? Number.NEGATIVE_INFINITY,
      candidates: () => candidatesIn(snapshot, run, lookup),
    })),
  ];
}

/** The wanted traces of a stretch in order: there are few enough to be sorted. */
export function inOrder(stretch: Stretch, { accepts, rangeType, after }: Wanted): Source {
  return {
    newestSeconds: stretch.newestSeconds,
    *open(): Traces {
      const found: { trace: DigestView; place: TracePlace }[] = [];
      for (const trace of stretch.candidates()) {
        if (accepts(trace)) found.push({ trace, place: placeOf(trace, rangeType) });
        yield undefined;
      }
      found.sort((a, b) => byPlace(a.place, b.place));
      for (const { trace, place } of found) if (after === undefined || byPlace(place, after) > 0) yield trace;
    },
  };
}

/** The wanted traces of a part along the times: for those who want nearly all of them, from the newest on. */
export function alongTimes(
  snapshot: Snapshot,
  part: PartInfo,
  { accepts, rangeType, startSeconds, endSeconds, after }: Wanted,
): Source {
  const isById = rangeType === "TraceId";
  const column = isById ? "time" : "start";
  const rows = snapshot.prepare(
    `SELECT digest FROM trace INDEXED BY trace_by_${column} WHERE ${column} >= ? AND (${column}, id) < (?, ?) ` +
      `ORDER BY ${column} DESC, id DESC`,
  );
  const from = isById ? startSeconds : startSeconds - part.longest;
  const to = isById ? endSeconds : endSeconds + part.early;
  // Before the first id at the end of the range: the empty key comes before all others.
  const [seconds, key] =
    after === undefined || after.seconds >= to ? [to, new Uint8Array()] : [after.seconds, traceKey(after.id)];
  return {
    newestSeconds: isById ? part.maxTime : part.maxStart,
    *open(): Traces {
      for (const row of rows.iterate(from, seconds, key)) {
        const trace = viewOf(row, snapshot);
        yield accepts(trace) ? trace : undefined;
      }
    },
  };
}

type Clauses = readonly (readonly number[])[];

/** What a question has learned of looking its terms up: where one run had nearly all of them, the next ones will too. */
interface TermLookup {
  readonly clauses: Clauses;
  runsToSkip: number;
}

/** Above this share of a run, reading all of it is quicker than picking. */
const pickedShare = 1 / 4;
/** So many runs are read without being looked up then. */
const skippedRuns = 8;

function candidatesIn(snapshot: Snapshot, run: Run, lookup: TermLookup): Iterable<DigestView> {
  const all = () => rowsFrom(snapshot, run.first_seq, run.last_seq);
  if (lookup.clauses.length === 0) return all();
  if (lookup.runsToSkip > 0) {
    lookup.runsToSkip -= 1;
    return all();
  }
  const seqs = seqsIn(snapshot, run, lookup.clauses);
  if (seqs.length <= (run.last_seq - run.first_seq) * pickedShare) return picked(snapshot, seqs);
  lookup.runsToSkip = skippedRuns;
  return all();
}

const tailOf = ({ runs }: Snapshot): number => (runs.at(-1)?.last_seq ?? 0) + 1;

function* rowsFrom(snapshot: Snapshot, first: number, last: number = Number.MAX_SAFE_INTEGER): Iterable<DigestView> {
  const rows = snapshot.prepare("SELECT digest FROM trace WHERE seq BETWEEN ? AND ?");
  for (const row of rows.all(first, last)) yield viewOf(row, snapshot);
}

function* picked(snapshot: Snapshot, seqs: readonly number[]): Iterable<DigestView> {
  const trace = snapshot.prepare("SELECT digest FROM trace WHERE seq = ?");
  for (const seq of seqs) {
    const row = trace.get(seq);
    // A version that was superseded since is not there any more.
    if (row !== undefined) yield viewOf(row, snapshot);
  }
}

const viewOf = (row: unknown, { dictionary }: Snapshot): DigestView =>
  new DigestView((row as { digest: Uint8Array }).digest, dictionary);

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

function overlaps(run: Run, part: PartInfo, { rangeType, startSeconds, endSeconds, after }: Wanted): boolean {
  const isById = rangeType === "TraceId";
  const from = isById ? run.min_time : run.min_start;
  const to = isById ? run.max_time : run.max_until;
  if (from === null || to === null || (after !== undefined && from > after.seconds)) return false;
  return from - (isById ? 0 : part.early) < endSeconds && to >= startSeconds;
}
