import { digestTerms } from "../../filter/terms.ts";
import { contribute } from "../../graph/cells.ts";
import type { TraceDigest } from "../../trace/digest.ts";
import { hashText } from "../hash-text.ts";
import type { Dictionary } from "./dictionary.ts";
import { type DigestRow, DigestView } from "./digest-view.ts";
import type { Database, Statement } from "./driver.ts";
import { MinuteRows } from "./minute-rows.ts";
import { encodeRun, runLength, shardsPerRun } from "./term-run.ts";
import { spanOf } from "./trace-span.ts";

/**
 * The newest trace versions of a part, which neither the index of terms nor the figures per minute cover yet. Readers look
 * at them one by one. Once there are enough, they are sealed: they make the next run of the index and enter the figures.
 * So small batches cost little, and nothing is lost: the versions themselves are on disk from the start.
 */
export class Tail {
  readonly #database: Database;
  readonly #minutes: MinuteRows;
  readonly #insertSuperseded: Statement;
  readonly #digests = new Map<number, TraceDigest>();
  /** Counted in the figures, and to be taken out of them. */
  #superseded: TraceDigest[] = [];
  #firstSeq: number;
  #nextRun: number;

  constructor(database: Database, dictionary: Dictionary) {
    this.#database = database;
    this.#minutes = new MinuteRows(database);
    this.#insertSuperseded = database.prepare(
      "INSERT INTO superseded (seq, time, start, digest) SELECT seq, time, start, digest FROM trace WHERE seq = ?",
    );
    const last = database.prepare("SELECT max(number) AS run, max(last_seq) AS seq FROM run").get() as LastRun;
    this.#nextRun = (last.run ?? 0) + 1;
    this.#firstSeq = (last.seq ?? 0) + 1;
    for (const row of database.prepare("SELECT * FROM trace WHERE seq >= ?").all(this.#firstSeq) as DigestRow[]) {
      this.#digests.set(row.seq, new DigestView(row, dictionary));
    }
    for (const row of database.prepare("SELECT * FROM superseded").all() as DigestRow[]) {
      this.#superseded.push(new DigestView(row, dictionary));
    }
  }

  get firstSeq(): number {
    return this.#firstSeq;
  }

  add(seq: number, digest: TraceDigest): void {
    this.#digests.set(seq, digest);
  }

  /** To be called while the version's row is still there. */
  supersede(seq: number, digest: TraceDigest): void {
    if (this.#digests.delete(seq)) return;
    this.#insertSuperseded.run(seq);
    this.#superseded.push(digest);
  }

  /** Within the caller's transaction. `nextSeq` is where the next tail begins. */
  seal(nextSeq: number): void {
    if (nextSeq - this.#firstSeq < runLength) return;
    this.#writeShards();
    this.#writeRun(nextSeq - 1);
    this.#writeMinutes();
    this.#digests.clear();
    this.#superseded = [];
    this.#nextRun += 1;
    this.#firstSeq = nextSeq;
  }

  #writeShards(): void {
    const terms = new Map<number, ReadonlySet<number>>();
    for (const [seq, digest] of this.#digests) terms.set(seq, termHashes(digest));
    const insert = this.#database.prepare("INSERT INTO shard (key, postings) VALUES (?, ?)");
    encodeRun(this.#firstSeq, terms).forEach((postings, shard) => {
      if (postings !== undefined) insert.run(this.#nextRun * shardsPerRun + shard, postings);
    });
  }

  #writeRun(lastSeq: number): void {
    const digests = [...this.#digests.values()];
    const times = digests.map(({ idSeconds }) => idSeconds);
    const starts = digests.map(({ startSeconds }) => startSeconds);
    const untils = digests.map((digest) => spanOf(digest).until);
    this.#database
      .prepare(
        "INSERT INTO run (number, first_seq, last_seq, min_time, max_time, min_start, max_start, max_until) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
      )
      .run(
        ...[this.#nextRun, this.#firstSeq, lastSeq],
        ...[least(times), greatest(times), least(starts), greatest(starts), greatest(untils)],
      );
  }

  #writeMinutes(): void {
    for (const digest of this.#superseded) contribute(digest, -1, this.#minutes);
    for (const digest of this.#digests.values()) contribute(digest, 1, this.#minutes);
    this.#minutes.save();
    this.#database.exec("DELETE FROM superseded");
  }
}

interface LastRun {
  readonly run: number | null;
  readonly seq: number | null;
}

function termHashes(digest: TraceDigest): ReadonlySet<number> {
  const hashes = new Set<number>();
  for (const term of digestTerms(digest)) hashes.add(hashText(term));
  return hashes;
}

/** A run may be empty, when all its versions were superseded before it was made: no range then reaches it. */
const least = (values: readonly number[]): number | null => (values.length === 0 ? null : Math.min(...values));
const greatest = (values: readonly number[]): number | null => (values.length === 0 ? null : Math.max(...values));
