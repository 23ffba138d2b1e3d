import type { SpillLog } from "../spill/spill-log.ts";
import type { Trouble } from "./breaker.ts";
import type { OutboxReport } from "./outbox-report.ts";
import type { DiskFigures, OutboxTally } from "./outbox-tally.ts";
import { costOf, type DiskCopy, type Pack, packOf } from "./pack.ts";
import { PackQueue } from "./pack-queue.ts";

export interface OverflowOptions {
  readonly spill: SpillLog;
  /** Where packs go that are to be sent next. */
  readonly queue: PackQueue;
  readonly tally: OutboxTally;
  readonly report: OutboxReport;
  readonly now: () => number;
  /** True while the queue should get more. */
  readonly wantsMore: () => boolean;
  /** Packs came to the queue, or went to disk. */
  readonly onChange: () => void;
}

/** Handed to the disk at once. */
const batchCost = 4 * 2 ** 20;
const firstPauseMs = 500;
const longestPauseMs = 5_000;
const readPauseMs = 1_000;

/**
 * The way over the disk. While it is on, every pack is written before it may be sent, at the end of what is there, and
 * what is there is read back in order. A disk that fails is tried again now and then; packs wait in line meanwhile.
 */
export class Overflow {
  /** True while packs go to disk first. */
  isOn = false;
  /** To be written. */
  readonly line: PackQueue = new PackQueue();

  readonly #options: OverflowOptions;
  #writing: Promise<void> | undefined;
  #writingCost = 0;
  #reading: Promise<void> | undefined;
  /** Copies of packs that are being sent meanwhile. */
  readonly #copying: Set<Promise<void>> = new Set();
  #writeTrouble: Trouble | undefined;
  #readTrouble: Trouble | undefined;
  #readRetryMs = 0;
  #pauseMs = firstPauseMs;
  #retryMs = 0;
  #timer: NodeJS.Timeout | undefined;
  #written = 0;
  #ever = 0;
  #isClosed = false;

  constructor(options: OverflowOptions) {
    this.#options = options;
    this.#written = options.spill.found;
  }

  /** On disk, and not in memory. */
  get documents(): number {
    const { evicted, damaged } = this.#options.spill.figures();
    return this.#written - evicted - damaged;
  }

  /** True when a pack handed over now would be written. */
  get canWrite(): boolean {
    return !this.#isClosed && (this.#writeTrouble === undefined || this.#options.now() >= this.#retryMs);
  }

  /** Set while the disk takes nothing, or gives nothing back. */
  get trouble(): Trouble | undefined {
    return this.#writeTrouble ?? this.#readTrouble;
  }

  /** True when it takes nothing and has nothing either: what is in line is better sent from memory. */
  get isUseless(): boolean {
    return !this.canWrite && this.#writing === undefined && this.#reading === undefined && this.documents <= 0;
  }

  /** True when all went through and documents may go directly again. */
  get isDrained(): boolean {
    return this.line.length === 0 && this.#writing === undefined && this.#reading === undefined && this.documents <= 0;
  }

  /** In line or being written: held in memory. */
  get cost(): number {
    return this.line.cost + this.#writingCost;
  }

  /** Writes a pack at the end. */
  add(pack: Pack): void {
    this.line.push(pack);
    this.write();
  }

  /** Writes a copy of a pack that somebody is sending just now. */
  copy(pack: Pack): void {
    const copy: DiskCopy = { ticket: undefined, left: pack.documents.length };
    pack.copy = copy;
    const copying = this.#writeCopy(pack, copy).finally(() => this.#copying.delete(copying));
    this.#copying.add(copying);
  }

  /** True when the pack is on disk as well: it would survive `kill -9`. */
  has({ copy }: Pack): boolean {
    return copy?.ticket !== undefined && this.#options.spill.has(copy.ticket);
  }

  /** Documents of a pack need no copy any longer. */
  settle({ copy }: Pack, documents: number): void {
    if (copy === undefined) return;
    copy.left -= documents;
    if (copy.left === 0 && copy.ticket !== undefined) this.#options.spill.release(copy.ticket);
  }

  /** Leaves a pack to its copy on disk, for the next run. */
  leave(pack: Pack): void {
    const { tally, spill } = this.#options;
    const { length } = pack.documents;
    tally.leave(length, pack.bytes);
    this.#written += length;
    if (pack.copy?.ticket !== undefined) spill.leave(pack.copy.ticket, length);
  }

  /** Writes what is in line, unless that goes on already or the disk rests. */
  write(): void {
    if (this.line.length === 0 || this.#writing !== undefined) return;
    if (this.canWrite) this.#writing = this.#writeLine();
    else this.#wakeLater();
  }

  /** Fetches more for the queue, unless that goes on already. */
  read(): void {
    if (this.#isClosed || this.#reading !== undefined || this.documents <= 0 || !this.#options.wantsMore()) return;
    if (this.#options.now() >= this.#readRetryMs) this.#reading = this.#readMore();
    else this.#wakeLater();
  }

  /** Ends reading and retrying; what is being written is written. */
  async close(): Promise<void> {
    this.#isClosed = true;
    clearTimeout(this.#timer);
    await Promise.all([this.#reading, this.#writing, ...this.#copying]);
  }

  /** Writes packs whatever came before, for there is no later. Answers those that are not on disk when time is up. */
  async writeLast(packs: readonly Pack[], timeUp: Promise<void>): Promise<Pack[]> {
    const written = new Set<Pack>();
    const writing = packs.map((pack) => this.#options.spill.append(pack.documents).then(() => written.add(pack)));
    await Promise.race([Promise.allSettled(writing), timeUp]);
    for (const pack of written) this.#wrote(pack);
    return packs.filter((pack) => !written.has(pack));
  }

  figures(): DiskFigures {
    const { bytes, evicted, damaged } = this.#options.spill.figures();
    return { spilled: this.documents, bytes, ever: this.#ever, evicted, damaged };
  }

  async #writeLine(): Promise<void> {
    // Gives whatever else is put in this turn of the loop a place in the same batch.
    await undefined;
    while (this.line.length > 0 && this.canWrite) {
      const batch = this.line.take(batchCost);
      this.#writingCost = batch.reduce((sum, pack) => sum + costOf(pack), 0);
      const kept = this.#keepable(batch);
      const results = await Promise.allSettled(batch.map((pack, index) => this.#writeOne(pack, index < kept)));
      this.#writingCost = 0;
      const failure = results.find((result) => result.status === "rejected");
      if (failure === undefined) this.#writeSucceeded();
      else this.#writeFailed(failure.reason);
      this.line.unshift(...batch.filter((_, index) => results[index]?.status === "rejected"));
      this.#options.onChange();
    }
    this.#writing = undefined;
    if (this.line.length > 0) this.#wakeLater();
    this.#options.onChange();
  }

  async #writeCopy(pack: Pack, copy: DiskCopy): Promise<void> {
    const { spill } = this.#options;
    try {
      const ticket = await spill.appendHeld(pack.documents);
      this.#ever += ticket.count;
      copy.ticket = ticket;
      if (copy.left === 0) spill.release(ticket);
    } catch (error) {
      this.#writeFailed(error);
    }
  }

  async #writeOne(pack: Pack, isKept: boolean): Promise<void> {
    if (!isKept) {
      await this.#options.spill.append(pack.documents);
      this.#wrote(pack);
      return;
    }
    const ticket = await this.#options.spill.appendHeld(pack.documents);
    this.#ever += ticket.count;
    pack.copy = { ticket, left: ticket.count };
    this.#options.queue.push(pack);
  }

  /** Packs that are sent at once need not be read back: those at the front, when nothing lies on disk before them. */
  #keepable(batch: readonly Pack[]): number {
    const { queue, wantsMore } = this.#options;
    if (this.documents > 0 || this.#reading !== undefined || !wantsMore()) return 0;
    return Math.min(batch.length, Math.max(1, 4 - queue.length));
  }

  #wrote(pack: Pack): void {
    this.#options.tally.leave(pack.documents.length, pack.bytes);
    this.#written += pack.documents.length;
    this.#ever += pack.documents.length;
  }

  async #readMore(): Promise<void> {
    const { spill, tally, queue, onChange, wantsMore } = this.#options;
    try {
      while (this.documents > 0 && wantsMore() && !this.#isClosed) {
        const found = await spill.read();
        if (found === undefined) break;
        const { documents, ticket } = found;
        const pack = packOf(documents, { ticket, left: documents.length });
        this.#written -= documents.length;
        this.#readTrouble = undefined;
        tally.enter(documents.length, pack.bytes);
        queue.push(pack);
        onChange();
      }
    } catch (error) {
      this.#readFailed(error);
    }
    this.#reading = undefined;
    onChange();
  }

  #readFailed(error: unknown): void {
    const { now, report } = this.#options;
    const reason = error instanceof Error ? error.message : String(error);
    const message = `The spill cannot be read (${reason}); it is tried again each second.`;
    if (this.#readTrouble === undefined) report.spill(message);
    this.#readTrouble = { sinceMs: this.#readTrouble?.sinceMs ?? now(), lastMs: now(), message };
    this.#readRetryMs = now() + readPauseMs;
  }

  #writeFailed(error: unknown): void {
    const { now, report } = this.#options;
    const message = error instanceof Error ? error.message : String(error);
    if (this.#writeTrouble === undefined) report.spill(message);
    this.#writeTrouble = { sinceMs: this.#writeTrouble?.sinceMs ?? now(), lastMs: now(), message };
    if (now() >= this.#retryMs) {
      this.#retryMs = now() + this.#pauseMs;
      this.#pauseMs = Math.min(this.#pauseMs * 2, longestPauseMs);
    }
    this.#wakeLater();
  }

  #writeSucceeded(): void {
    if (this.#writeTrouble !== undefined) this.#options.report.spill(undefined);
    this.#writeTrouble = undefined;
    this.#pauseMs = firstPauseMs;
  }

  /** After a pause, while something is wrong: writes what is in line, or tries whether the disk takes anything. */
  #wakeLater(): void {
    if (this.#isClosed || this.#timer !== undefined) return;
    const nextMs = Math.max(this.#retryMs, this.#readRetryMs);
    this.#timer = setTimeout(
      async () => {
        this.#timer = undefined;
        if (this.line.length > 0) this.write();
        else if (this.#writeTrouble !== undefined && this.#writing === undefined) await this.#check();
        this.#options.onChange();
      },
      Math.max(10, nextMs - this.#options.now()),
    ).unref();
  }

  async #check(): Promise<void> {
    try {
      await this.#options.spill.check();
      this.#writeSucceeded();
    } catch (error) {
      this.#writeFailed(error);
    }
  }
}
