import type { TraceDigest } from "../../trace/digest.ts";
import type { KeptDocument } from "../keep-documents.ts";
import type { ArrivedDocument } from "../read-documents.ts";
import { segmentsOf } from "../segments-of.ts";
import { spanOf } from "../trace-span.ts";
import { Dictionary } from "./dictionary.ts";
import { DigestView } from "./digest-view.ts";
import {
  BlockPacker,
  type DocumentPlace,
  decodePlaces,
  encodePlaces,
  readDocuments,
  withoutDocuments,
} from "./document-blocks.ts";
import type { Database, Statement } from "./driver.ts";
import { DigestEncoder } from "./encode-digest.ts";
import { type IdFilter, idFilterOf } from "./id-filter.ts";
import { closePart } from "./open-part.ts";
import { type PartFigures, readFigures, withoutTrace, withTrace, writeFigures } from "./part-figures.ts";
import { Tail } from "./tail.ts";
import { traceKey } from "./trace-key.ts";

/** A document as it was found: read, and in its block. */
export interface FoundDocument extends KeptDocument {
  readonly place: DocumentPlace;
}

/** A trace as it stands in a part. */
export interface FoundTrace {
  readonly seq: number;
  readonly digest: TraceDigest;
  readonly documents: readonly FoundDocument[];
}

/** A trace as it is to stand there; its new documents have no place yet. */
export interface NewVersion {
  readonly before: FoundTrace | undefined;
  readonly digest: TraceDigest;
  readonly documents: readonly (FoundDocument | ArrivedDocument)[];
}

/** A version that is on disk now, with the places of its documents. */
export interface StoredVersion {
  readonly seq: number;
  readonly digest: Uint8Array;
  readonly places: readonly DocumentPlace[];
}

/** The writing side of one part: the only one, in the writer's thread. */
export class PartWriter {
  readonly #database: Database;
  readonly #runLength: number;
  readonly #find: Statement;
  /** What has to be known for writing: read at the first need, since most parts only tell what is not in them. */
  #state: State | undefined;
  #hasWritten = false;

  constructor(database: Database, runLength: number) {
    this.#database = database;
    this.#runLength = runLength;
    this.#find = database.prepare("SELECT seq, digest, documents FROM trace WHERE id = ?");
  }

  get figures(): PartFigures {
    return this.#state?.figures ?? readFigures(this.#database);
  }

  find(traceId: string): FoundTrace | undefined {
    const row = this.#find.get(traceKey(traceId)) as TraceRow | undefined;
    if (row === undefined) return undefined;
    const places = decodePlaces(row.documents);
    const block = this.#database.prepare("SELECT documents FROM block WHERE number = ?");
    const texts = readDocuments(places, (number) => (block.get(number) as { documents: Uint8Array }).documents);
    const documents = texts.map((text, at) => ({ text, segments: segmentsOf(text, traceId), place: places[at]! }));
    return { seq: row.seq, digest: this.digestOf(row.digest), documents };
  }

  has(traceId: string): boolean {
    return this.#find.get(traceKey(traceId)) !== undefined;
  }

  /** What a row says, decoded as far as it is asked. */
  digestOf(bytes: Uint8Array): TraceDigest {
    return new DigestView(bytes, this.#known().dictionary);
  }

  /** Begins a transaction; `commit` or `rollBack` must follow. */
  begin(): void {
    this.#database.exec("BEGIN IMMEDIATE");
    this.#hasWritten = true;
  }

  put(version: NewVersion, nowSeconds: number): StoredVersion {
    return this.#known().put(version, nowSeconds);
  }

  /** Takes a trace out that is here; its documents are overwritten in the blocks that they share with others. */
  takeOut(traceId: string): TraceDigest {
    const row = this.#find.get(traceKey(traceId)) as TraceRow;
    this.#database.exec("PRAGMA secure_delete = ON");
    const digest = this.#known().takeOut(row);
    this.#database.exec("PRAGMA secure_delete = OFF");
    return digest;
  }

  /** When it returns, what was put is on disk. */
  commit(): void {
    this.#known().finish();
    this.#database.exec("COMMIT");
  }

  rollBack(): void {
    // What was put is not there: it is read again.
    this.#state = undefined;
    try {
      this.#database.exec("ROLLBACK");
    } catch {
      // SQLite has rolled back itself, as it does when the disk is full: there is no transaction to end.
    }
  }

  /** The part must not get new traces from now on. */
  idFilter(): IdFilter {
    return idFilterOf(this.#database);
  }

  /** The part will get new traces. */
  forgetIdFilter(): void {
    this.#database.exec("DELETE FROM id_filter");
  }

  close(): void {
    closePart(this.#database, this.#hasWritten);
  }

  /** Lets go of a damaged file. */
  abandon(): void {
    this.#database.close();
  }

  #known(): State {
    this.#state ??= new State(this.#database, this.#runLength);
    return this.#state;
  }
}

interface TraceRow {
  readonly seq: number;
  readonly digest: Uint8Array;
  readonly documents: Uint8Array;
}

class State {
  readonly dictionary: Dictionary = new Dictionary();
  figures: PartFigures;
  readonly #database: Database;
  readonly #encoder: DigestEncoder;
  readonly #tail: Tail;
  readonly #packer: BlockPacker;
  readonly #insert: Statement;
  readonly #delete: Statement;
  #nextSeq: number;

  constructor(database: Database, runLength: number) {
    this.#database = database;
    this.dictionary.load(database);
    this.figures = readFigures(database);
    this.#encoder = new DigestEncoder(this.dictionary);
    this.#tail = new Tail(database, this.dictionary, runLength);
    const insertBlock = database.prepare("INSERT INTO block (number, documents) VALUES (?, ?)");
    const nextBlock = next(database, "SELECT max(number) AS last FROM block");
    this.#packer = new BlockPacker(nextBlock, (block, bytes) => insertBlock.run(block, bytes));
    this.#insert = database.prepare(
      "INSERT INTO trace (seq, id, time, start, until, digest, documents) VALUES (?, ?, ?, ?, ?, ?, ?)",
    );
    this.#delete = database.prepare("DELETE FROM trace WHERE seq = ?");
    // A run's end counts too: the versions behind it may all have been superseded and gone.
    this.#nextSeq = Math.max(next(database, "SELECT max(seq) AS last FROM trace"), this.#tail.firstSeq);
  }

  put({ before, digest, documents }: NewVersion, nowSeconds: number): StoredVersion {
    if (before !== undefined) {
      this.#tail.supersede(before.seq, before.digest);
      this.#delete.run(before.seq);
    }
    const seq = this.#nextSeq++;
    const places = documents.map((document) => placeOf(document, this.#packer));
    const bytes = this.#encoder.encode(digest);
    const { id, idSeconds, startSeconds } = digest;
    const { until } = spanOf(digest);
    this.#insert.run(seq, traceKey(id), idSeconds, startSeconds, until, bytes, encodePlaces(places));
    this.#tail.add(seq, digest, bytes);
    this.figures = withTrace(this.figures, digest, before?.digest, nowSeconds);
    return { seq, digest: bytes, places };
  }

  takeOut({ seq, digest: bytes, documents }: TraceRow): TraceDigest {
    const digest = new DigestView(bytes, this.dictionary);
    this.#tail.supersede(seq, digest);
    this.#delete.run(seq);
    this.#blank(decodePlaces(documents));
    this.figures = withoutTrace(this.figures, digest);
    return digest;
  }

  #blank(places: readonly DocumentPlace[]): void {
    const read = this.#database.prepare("SELECT documents FROM block WHERE number = ?");
    const write = this.#database.prepare("UPDATE block SET documents = ? WHERE number = ?");
    for (const block of new Set(places.map((place) => place.block))) {
      const { documents } = read.get(block) as { documents: Uint8Array };
      const own = places.filter((place) => place.block === block);
      write.run(withoutDocuments(documents, own), block);
    }
  }

  /** What the transaction needs besides the versions themselves. */
  finish(): void {
    this.#packer.flush();
    this.#tail.seal(this.#nextSeq);
    this.dictionary.save(this.#database);
    writeFigures(this.#database, this.figures);
  }
}

function placeOf(document: FoundDocument | ArrivedDocument, packer: BlockPacker): DocumentPlace {
  return "place" in document ? document.place : packer.add(document.bytes);
}

function next(database: Database, sql: string): number {
  return ((database.prepare(sql).get() as { last: number | null }).last ?? 0) + 1;
}
