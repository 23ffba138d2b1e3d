import { mkdirSync } from "node:fs";
import { StoreError } from "../../errors.ts";
import type { Log } from "../../log.ts";
import { assembleTrace } from "../../trace/assemble-trace.ts";
import type { TraceDigest } from "../../trace/digest.ts";
import { digestTrace } from "../../trace/digest-trace.ts";
import { keepDocuments } from "../keep-documents.ts";
import { type ArrivedDocument, readDocuments, textOf } from "../read-documents.ts";
import { segmentsOf } from "../segments-of.ts";
import { changeOf, removalOf } from "../store-change.ts";
import type { RawDocument, Refusal, StoreChange } from "../trace-store.ts";
import { weightOf } from "../weight-of.ts";
import type { OpenDatabase } from "./driver.ts";
import { type Lock, takeLock } from "./lock.ts";
import { isDamage, partError } from "./open-part.ts";
import { Part } from "./part.ts";
import { listParts, type PartFile, partFile, removePart, setAside, sizeOf } from "./part-files.ts";
import type { PartInfo } from "./part-info.ts";
import type { FoundDocument, FoundTrace, NewVersion, StoredVersion } from "./part-writer.ts";
import { type RecentTrace, RecentTraces } from "./recent-traces.ts";

/** What the writer must know; the sizes are in bytes, the time in seconds. */
export interface WriterOptions {
  readonly directory: string;
  readonly retentionSeconds: number | undefined;
  readonly maxBytes: number | undefined;
  /** From this size on new traces go into another part. */
  readonly partBytes: number;
  /** Trace versions that a run of the index covers. */
  readonly runLength: number;
}

export interface Appended {
  readonly outcomes: readonly (Refusal | undefined)[];
  readonly change: StoreChange | undefined;
}

/** Traces that were taken out, and what that changed. */
export interface TakenOut {
  readonly count: number;
  readonly change: StoreChange | undefined;
}

/** Parts that are open beside the current one, for documents that come late. */
const openLateParts = 4;

/** Everything that writes: the store's files belong to it alone while it is open. Used within the writer's thread. */
export class StoreWriter {
  readonly #options: WriterOptions;
  readonly #open: OpenDatabase;
  readonly #log: Log;
  readonly #lock: Lock;
  readonly #recent = new RecentTraces<Part>();
  /** Oldest first; new traces go into the last. */
  #parts: Part[] = [];
  /** Seconds at which the last part began that is gone. */
  #droppedUntil = 0;
  #removing: Promise<unknown> = Promise.resolve();

  constructor(options: WriterOptions, open: OpenDatabase, log: Log) {
    this.#options = options;
    this.#open = open;
    this.#log = log;
    this.#lock = takeDirectory(options.directory, open);
    try {
      this.#openParts();
    } catch (error) {
      this.#lock.release();
      throw error;
    }
  }

  /** For the readers; also says what is to be looked at and in which order. */
  parts(): PartInfo[] {
    return this.#parts.map(({ file, figures }) => ({ path: file.path, ...figures }));
  }

  /** Keeps the documents; when it returns, they are on disk. */
  append(documents: readonly RawDocument[], nowSeconds: number, wantsChange: boolean): Appended {
    const outcomes = new Array<Refusal | undefined>(documents.length).fill(undefined);
    const current = this.#currentPart(nowSeconds);
    const written = new Map<string, RecentTrace<Part>>();
    const touched = new Set<Part>();
    const changed: NewVersion[] = [];
    for (const [traceId, arrived] of readDocuments(documents, outcomes)) {
      const found = this.#find(traceId, current);
      const version = newVersion(traceId, found?.trace, arrived);
      if (version === undefined) continue;
      const part = found?.part ?? current;
      touched.add(part);
      const stored = this.#guarded(part, touched, () => part.put(version, nowSeconds));
      written.set(traceId, recentTrace(part, version, stored));
      if (wantsChange) changed.push(version);
    }
    for (const part of touched) this.#guarded(part, touched, () => part.commit());
    for (const [traceId, trace] of written) this.#recent.set(traceId, trace);
    this.#closeLateParts(current);
    return { outcomes, change: changeOf(changed) };
  }

  /** Takes out single traces; when it returns, that is on disk. */
  takeOut(traceIds: readonly string[]): TakenOut {
    const current = this.#parts.at(-1);
    const touched = new Set<Part>();
    const digests: TraceDigest[] = [];
    for (const part of [...this.#parts].reverse()) {
      for (const id of new Set(traceIds)) {
        const digest = this.#guarded(part, touched, () => part.takeOut(id, part === current));
        if (digest === undefined) continue;
        touched.add(part);
        digests.push(digest);
      }
    }
    for (const part of touched) this.#guarded(part, touched, () => part.commit());
    for (const { id } of digests) this.#recent.delete(id);
    if (current !== undefined) this.#closeLateParts(current);
    return { count: digests.length, change: removalOf(digests) };
  }

  /** Takes out the parts that are too old or too many. Answers their files, to be removed once no reader has them open. */
  prune(nowSeconds: number): string[] {
    const { retentionSeconds = Number.POSITIVE_INFINITY, maxBytes = Number.POSITIVE_INFINITY } = this.#options;
    const sizes = this.#parts.map(({ file }) => sizeOf(file.path));
    let bytes = sizes.reduce((sum, size) => sum + size, 0);
    let doomed = 0;
    for (const { figures } of this.#parts) {
      if (figures.arrived >= nowSeconds - retentionSeconds && bytes <= maxBytes) break;
      bytes -= sizes[doomed]!;
      doomed += 1;
    }
    return this.#dropOldest(doomed);
  }

  clear(): string[] {
    return this.#dropOldest(this.#parts.length);
  }

  /** Removes files that `prune` or `clear` has taken out. */
  async remove(paths: readonly string[]): Promise<void> {
    const removing = Promise.all([this.#removing, ...paths.map(removePart)]);
    // Whoever asked is told what failed; `close` only waits.
    this.#removing = removing.catch(() => {});
    await removing;
  }

  async close(): Promise<void> {
    for (const part of this.#parts) part.close();
    await this.#removing;
    this.#lock.release();
  }

  #openParts(): void {
    for (const file of listParts(this.#options.directory)) {
      try {
        const part = new Part(file, this.#open, this.#options.runLength);
        this.#parts.at(-1)?.close();
        this.#parts.push(part);
      } catch (cause) {
        const error = partError(file.path, cause);
        if (!isDamage(error)) throw error;
        this.#setAside(file, error);
      }
    }
    this.#parts.at(-1)?.becomeCurrent();
  }

  /** The part for new traces: another one each day, and when the last has grown large. */
  #currentPart(nowSeconds: number): Part {
    const last = this.#parts.at(-1);
    if (last !== undefined && !this.#isFull(last, nowSeconds)) return last;
    last?.close();
    // Two parts never begin in the same millisecond, and never in the wrong order, whatever the clock says: nor does one
    // take the name of another that is being removed.
    const startSeconds = Math.max(nowSeconds, (last?.file.startSeconds ?? this.#droppedUntil) + 0.001);
    const file = partFile(this.#options.directory, startSeconds);
    try {
      const part = new Part(file, this.#open, this.#options.runLength);
      this.#parts.push(part);
      return part;
    } catch (cause) {
      throw partError(file.path, cause);
    }
  }

  #isFull({ file }: Part, nowSeconds: number): boolean {
    const daysBegun = Math.floor(nowSeconds / 86_400) - Math.floor(file.startSeconds / 86_400);
    return daysBegun > 0 || sizeOf(file.path) >= this.#options.partBytes;
  }

  #find(traceId: string, current: Part): Found | undefined {
    const recent = this.#recent.get(traceId);
    if (recent !== undefined) return { part: recent.part, trace: revived(traceId, recent) };
    for (const part of [...this.#parts].reverse()) {
      const trace = part.find(traceId, part === current);
      if (trace !== undefined) return { part, trace };
    }
    return undefined;
  }

  /** Writes to one of the parts of an append. If that fails, nothing of it is kept in any. */
  #guarded<T>(part: Part, touched: ReadonlySet<Part>, write: () => T): T {
    try {
      return write();
    } catch (cause) {
      for (const other of touched) other.rollBack();
      const error = partError(part.file.path, cause);
      if (isDamage(error)) this.#giveUp(part, error);
      throw error;
    }
  }

  #giveUp(part: Part, error: unknown): void {
    this.#parts = this.#parts.filter((other) => other !== part);
    this.#recent.clear();
    part.abandon();
    this.#setAside(part.file, error);
  }

  #setAside(file: PartFile, error: unknown): void {
    const fields = { part: file.path, setAside: setAside(file), error: String(error) };
    this.#log.error(fields, "a damaged part of the store was set aside");
  }

  #closeLateParts(current: Part): void {
    const late = this.#parts.filter((part) => part !== current && part.isOpen);
    for (const part of late.slice(0, -openLateParts)) part.close();
  }

  #dropOldest(count: number): string[] {
    const parts = this.#parts.splice(0, count);
    for (const part of parts) part.close();
    if (count > 0) this.#recent.clear();
    this.#droppedUntil = parts.at(-1)?.file.startSeconds ?? this.#droppedUntil;
    return parts.map(({ file }) => file.path);
  }
}

function takeDirectory(directory: string, open: OpenDatabase): Lock {
  try {
    mkdirSync(directory, { recursive: true });
    return takeLock(directory, open);
  } catch (cause) {
    if (cause instanceof StoreError) throw cause;
    const what = cause instanceof Error ? cause.message : String(cause);
    const message = `${directory} cannot be used: ${what}. Make it a folder that can be written, or give another --data-dir.`;
    throw new StoreError("FLUORO_STORE_WRITE", message, { cause, retryable: false });
  }
}

interface Found {
  readonly part: Part;
  readonly trace: FoundTrace;
}

interface Version extends NewVersion {
  /** Its entry has ended and nothing is known to be missing: most likely nothing more will come. */
  readonly isWhole: boolean;
}

function newVersion(
  traceId: string,
  before: FoundTrace | undefined,
  arrived: readonly ArrivedDocument[],
): Version | undefined {
  const kept = keepDocuments<FoundDocument | ArrivedDocument>(before?.documents ?? [], arrived);
  if (kept === undefined) return undefined;
  const trace = assembleTrace(traceId, kept.segments);
  const weight = weightOf(before?.digest, arrived);
  const digest = digestTrace(trace, (before?.digest.revision ?? 0) + 1, { weight });
  const isWhole = !trace.isPartial && trace.entry !== undefined && trace.entry.parentId === undefined;
  return { before, digest, documents: kept.documents, isWhole };
}

function recentTrace(
  part: Part,
  { documents, isWhole }: Version,
  { seq, digest, places }: StoredVersion,
): RecentTrace<Part> {
  const recent = documents.map((document, at) => ({
    place: places[at]!,
    bytes: "bytes" in document ? document.bytes : Buffer.from(document.text),
    parsed: isWhole ? undefined : { text: document.text, segments: document.segments },
  }));
  return { part, seq, digest, documents: recent };
}

function revived(traceId: string, { part, seq, digest, documents }: RecentTrace<Part>): FoundTrace {
  return {
    seq,
    digest: part.digestOf(digest),
    documents: documents.map(({ place, bytes, parsed }) => {
      if (parsed !== undefined) return { ...parsed, place, bytes };
      const text = textOf(bytes);
      return { text, segments: segmentsOf(text, traceId), place, bytes };
    }),
  };
}
