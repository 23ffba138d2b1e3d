import type { TraceDigest } from "../../trace/digest.ts";
import type { OpenDatabase } from "./driver.ts";
import type { IdFilter } from "./id-filter.ts";
import { checkPart, openPart } from "./open-part.ts";
import type { PartFigures } from "./part-figures.ts";
import type { PartFile } from "./part-files.ts";
import { type FoundTrace, type NewVersion, PartWriter, type StoredVersion } from "./part-writer.ts";
import { traceKey } from "./trace-key.ts";

/** A part as the writer knows it: its file is open only while something is written to it or looked up in it. */
export class Part {
  readonly file: PartFile;
  figures: PartFigures;
  readonly #open: OpenDatabase;
  readonly #runLength: number;
  #writer: PartWriter | undefined;
  #filter: IdFilter | undefined;
  #isInTransaction = false;

  /** Opens the file, or makes it. Throws when it is damaged; it is searched for damage when it was not closed. */
  constructor(file: PartFile, open: OpenDatabase, runLength: number) {
    this.file = file;
    this.#open = open;
    this.#runLength = runLength;
    const database = openPart(file.path, open);
    try {
      checkPart(database, file.path);
      this.#writer = new PartWriter(database, runLength);
    } catch (error) {
      database.close();
      throw error;
    }
    this.figures = this.#writer.figures;
  }

  get isOpen(): boolean {
    return this.#writer !== undefined;
  }

  /** In a part that gets no new traces, nearly always answered from memory when the trace is not here. */
  find(traceId: string, isCurrent: boolean): FoundTrace | undefined {
    return this.#mayHave(traceId, isCurrent) ? this.#opened().find(traceId) : undefined;
  }

  /** Takes a trace out within a transaction, as `put` does. Answers what it was; `undefined` when it is not here. */
  takeOut(traceId: string, isCurrent: boolean): TraceDigest | undefined {
    if (!this.#mayHave(traceId, isCurrent) || !this.#opened().has(traceId)) return undefined;
    return this.#begun().takeOut(traceId);
  }

  digestOf(bytes: Uint8Array): TraceDigest {
    return this.#opened().digestOf(bytes);
  }

  /** Within a transaction that the first version begins and `commit` or `rollBack` ends. */
  put(version: NewVersion, nowSeconds: number): StoredVersion {
    return this.#begun().put(version, nowSeconds);
  }

  commit(): void {
    const writer = this.#opened();
    writer.commit();
    this.#isInTransaction = false;
    this.figures = writer.figures;
  }

  rollBack(): void {
    if (this.#isInTransaction) this.#writer?.rollBack();
    this.#isInTransaction = false;
  }

  /** Makes ready for new traces. */
  becomeCurrent(): void {
    this.#filter = undefined;
    this.#opened().forgetIdFilter();
  }

  close(): void {
    this.#writer?.close();
    this.#writer = undefined;
  }

  /** Lets go of a damaged file. */
  abandon(): void {
    this.#writer?.abandon();
    this.#writer = undefined;
  }

  #mayHave(traceId: string, isCurrent: boolean): boolean {
    if (isCurrent) return true;
    this.#filter ??= this.#opened().idFilter();
    return this.#filter.mayHave(traceKey(traceId));
  }

  /** The file, in a transaction. */
  #begun(): PartWriter {
    const writer = this.#opened();
    if (!this.#isInTransaction) writer.begin();
    this.#isInTransaction = true;
    return writer;
  }

  #opened(): PartWriter {
    this.#writer ??= new PartWriter(openPart(this.file.path, this.#open), this.#runLength);
    return this.#writer;
  }
}
