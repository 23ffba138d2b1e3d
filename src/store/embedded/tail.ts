import { termMarks } from "../../filter/term-names.ts";
import { forEachTerm } from "../../filter/terms.ts";
import { contribute } from "../../graph/cells.ts";
import type { TraceDigest } from "../../trace/digest.ts";
import { hashParts } from "../hash-text.ts";
import { spanOf } from "../trace-span.ts";
import type { Dictionary } from "./dictionary.ts";
import { DigestView } from "./digest-view.ts";
import type { Database, Statement } from "./driver.ts";
import { MinuteRows } from "./minute-rows.ts";
import { encodeRun, shardsPerRun } from "./term-run.ts";

/** What a run says of a version; the rest of it can be forgotten, which matters to the garbage collector. */
interface TailTrace {
  /** Worked out once the version is likely to stay. */
  terms: readonly number[] | undefined;
  readonly bytes: Uint8Array;
  readonly time: number;
  readonly start: number;
  readonly until: number;
}

/** Of the versions of a trace whose segments come one by one most are replaced before so many others have come. */
const unsettledVersions = 256;

/**
 * The newest trace versions of a part, which neither the index of terms nor the saved figures cover yet. Readers look at
 * them one by one. Once there are enough, they are sealed: they make the next run of the index, and the figures are saved.
 * So small batches cost little, and nothing is lost: the versions themselves are on disk from the start.
 */
export class Tail {
  readonly #database: Database;
  readonly #dictionary: Dictionary;
  readonly #runLength: number;
  /** In memory, the figures are always up to date. */
  readonly #minutes: MinuteRows;
  readonly #insertSuperseded: Statement;
  readonly #traces = new Map<number, TailTrace>();
  #firstSeq: number;
  #nextRun: number;

  constructor(database: Database, dictionary: Dictionary, runLength: number) {
    this.#database = database;
    this.#dictionary = dictionary;
    this.#runLength = runLength;
    this.#minutes = new MinuteRows(database);
    this.#insertSuperseded = database.prepare(
      "INSERT INTO superseded (seq, digest) SELECT seq, digest FROM trace WHERE seq = ?",
    );
    const last = database.prepare("SELECT max(number) AS run, max(last_seq) AS seq FROM run").get() as LastRun;
    this.#nextRun = (last.run ?? 0) + 1;
    this.#firstSeq = (last.seq ?? 0) + 1;
    for (const { digest } of database.prepare("SELECT digest FROM superseded").all() as Row[]) {
      contribute(new DigestView(digest, dictionary), -1, this.#minutes);
    }
    const tail = database.prepare("SELECT seq, digest FROM trace WHERE seq >= ?");
    for (const { seq, digest } of tail.all(this.#firstSeq) as Row[]) {
      this.add(seq, new DigestView(digest, dictionary), digest);
    }
  }

  get firstSeq(): number {
    return this.#firstSeq;
  }

  /** `bytes` are the digest as it was written. */
  add(seq: number, digest: TraceDigest, bytes: Uint8Array): void {
    const { idSeconds: time, startSeconds: start } = digest;
    this.#traces.set(seq, { terms: undefined, bytes, time, start, until: spanOf(digest).until });
    contribute(digest, 1, this.#minutes);
    const settled = this.#traces.get(seq - unsettledVersions);
    if (settled !== undefined) settled.terms = this.#termsOf(settled);
  }

  /** To be called while the version's row is still there. */
  supersede(seq: number, digest: TraceDigest): void {
    contribute(digest, -1, this.#minutes);
    if (!this.#traces.delete(seq)) this.#insertSuperseded.run(seq);
  }

  /** Within the caller's transaction. `nextSeq` is where the next tail begins. */
  seal(nextSeq: number): void {
    if (nextSeq - this.#firstSeq < this.#runLength) return;
    this.#writeShards();
    this.#writeRun(nextSeq - 1);
    this.#minutes.save();
    this.#database.exec("DELETE FROM superseded");
    this.#traces.clear();
    this.#nextRun += 1;
    this.#firstSeq = nextSeq;
  }

  #termsOf({ bytes }: TailTrace): number[] {
    // As whole numbers with a sign, which the engine keeps without a heap number for each.
    const hashes = new Set<number>();
    forEachTerm(new DigestView(bytes, this.#dictionary), (kind, value, key) => {
      const mark = termMarks[kind];
      hashes.add((key === undefined ? hashParts(mark, value, "", "") : hashParts(mark, key, "=", value)) | 0);
    });
    return Array.from(hashes, (hash) => hash >>> 0);
  }

  #writeShards(): void {
    const insert = this.#database.prepare("INSERT INTO shard (key, postings) VALUES (?, ?)");
    const terms = new Map([...this.#traces].map(([seq, trace]) => [seq, trace.terms ?? this.#termsOf(trace)]));
    encodeRun(this.#firstSeq, terms).forEach((postings, shard) => {
      if (postings !== undefined) insert.run(this.#nextRun * shardsPerRun + shard, postings);
    });
  }

  #writeRun(lastSeq: number): void {
    const traces = [...this.#traces.values()];
    const times = traces.map(({ time }) => time);
    const starts = traces.map(({ start }) => start);
    const untils = traces.map(({ until }) => until);
    this.#database
      .prepare(
        "INSERT INTO run (number, first_seq, last_seq, min_time, max_time, min_start, max_start, max_until) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
      )
      .run(
        ...[this.#nextRun, this.#firstSeq, lastSeq],
        ...[least(times), greatest(times), least(starts), greatest(starts), greatest(untils)],
      );
  }
}

interface Row {
  readonly seq: number;
  readonly digest: Uint8Array;
}

interface LastRun {
  readonly run: number | null;
  readonly seq: number | null;
}

/** A run may be empty, when all its versions were superseded before it was made: no range then reaches it. */
const least = (values: readonly number[]): number | null => (values.length === 0 ? null : Math.min(...values));
const greatest = (values: readonly number[]): number | null => (values.length === 0 ? null : Math.max(...values));
