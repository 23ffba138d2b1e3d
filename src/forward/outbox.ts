import { setTimeout as sleep } from "node:timers/promises";
import type { Log } from "../log.ts";
import type { SpillLog } from "../spill/spill-log.ts";
import { describeHealth } from "./describe-health.ts";
import type { OutboxFigures, OutboxHealth } from "./outbox-figures.ts";
import { OutboxReport } from "./outbox-report.ts";
import { type DropReason, OutboxTally } from "./outbox-tally.ts";
import { Overflow } from "./overflow.ts";
import type { Pack } from "./pack.ts";
import { PackGatherer } from "./pack-gatherer.ts";
import { PackQueue } from "./pack-queue.ts";
import { Sender } from "./sender.ts";
import type { Unprocessed, WayOut } from "./way-out.ts";

export interface OutboxOptions {
  readonly wayOut: WayOut;
  /** Of what waits in memory, requests under way apart. 0: everything goes over the disk. */
  readonly memoryBytes: number;
  readonly spill?: SpillLog | undefined;
  /** Most requests at a time. */
  readonly parallel?: number;
  readonly log: Log;
  /** Milliseconds since 1970, with fractions, that never go back. */
  readonly now?: () => number;
  readonly random?: () => number;
  /** Told of each document that the other side refuses for good. */
  readonly onUnprocessed?: (unprocessed: Unprocessed, document: Uint8Array) => void;
}

/** What may wait for a disk that is slow or full, however small the memory: some fsyncs at full speed. */
const lineBytes = 8 * 2 ** 20;
/** Without a disk there must be room for something. */
const leastBytes = 2 ** 20;
/** Read ahead from disk. */
const aheadBytes = 4 * 2 ** 20;
/** At the end, for what must still be written. */
const lastWriteMs = 2_000;
const recentlyMs = 60_000;

/**
 * Where documents wait for one way out. They are gathered into packs, which wait in memory and, when that is full or the
 * other side takes nothing, on disk; in order either way. Each is tried until it is taken or refused for good.
 * The figures add up at any moment, see `OutboxFigures`.
 *
 * The way out and the spill belong to the caller, who closes them after this.
 */
export class Outbox {
  #memoryBytes: number;
  readonly #now: () => number;
  readonly #tally: OutboxTally = new OutboxTally();
  readonly #report: OutboxReport;
  readonly #gatherer: PackGatherer;
  readonly #queue: PackQueue = new PackQueue();
  readonly #sender: Sender;
  readonly #overflow: Overflow | undefined;
  readonly #wayOut: WayOut;
  #droppedMs = Number.NEGATIVE_INFINITY;
  #isClosing = false;
  #closed: Promise<void> | undefined;
  #onChange: (() => void) | undefined;

  constructor(options: OutboxOptions) {
    const { wayOut, spill, log, parallel = 8, random = Math.random, onUnprocessed = () => {} } = options;
    this.#wayOut = wayOut;
    this.#memoryBytes = options.memoryBytes;
    this.#now = options.now ?? (() => performance.timeOrigin + performance.now());
    this.#report = new OutboxReport(wayOut.name, log);
    const shared = { queue: this.#queue, tally: this.#tally, report: this.#report, now: this.#now };
    const onChange = (): void => this.#changed();
    if (spill !== undefined) {
      this.#overflow = new Overflow({ ...shared, spill, wantsMore: () => this.#wantsMore(), onChange });
    }
    const onSettled = (pack: Pack, documents: number): void => this.#overflow?.settle(pack, documents);
    this.#sender = new Sender({ ...shared, wayOut, parallel, random, onUnprocessed, onSettled, onChange });
    this.#gatherer = new PackGatherer({
      onSealed: (pack) => this.#accept(pack),
      isBusy: () => this.#queue.length > 0 || this.#sender.flying.length > 0,
      now: this.#now,
    });
    if (this.#overflow !== undefined) {
      this.#tally.put += spill?.found ?? 0;
      this.#overflow.isOn = this.#memoryBytes === 0 || this.#overflow.documents > 0;
      this.#changed();
    }
  }

  get name(): string {
    return this.#wayOut.name;
  }

  /** Takes documents, at once and always. The bytes are handed over: nobody may change them. */
  put(documents: readonly Uint8Array[]): void {
    this.#tally.put += documents.length;
    if (this.#isClosing) {
      this.#tally.countDropped("Stopped", documents.length);
      return;
    }
    let bytes = 0;
    for (const document of documents) bytes += document.length;
    this.#tally.enter(documents.length, bytes);
    for (const document of documents) this.#gatherer.add(document);
  }

  figures(): OutboxFigures {
    const nothing = { spilled: 0, bytes: 0, ever: 0, evicted: 0, damaged: 0 };
    return this.#tally.figures(this.#overflow?.figures() ?? nothing);
  }

  /** Whether documents get out, and are safe meanwhile. */
  health(): OutboxHealth {
    const { waiting, spilled } = this.figures();
    return describeHealth({
      name: this.name,
      trouble: this.#sender.trouble,
      diskTrouble: this.#overflow?.trouble,
      isDropping: this.#now() - this.#droppedMs < recentlyMs,
      inMemory: waiting,
      onDisk: spilled,
    });
  }

  /** Goes on with other limits. */
  adjust({ memoryBytes, parallel }: { readonly memoryBytes: number; readonly parallel: number }): void {
    this.#memoryBytes = memoryBytes;
    this.#sender.allow(parallel);
    this.#changed();
  }

  /**
   * Sends what waits, for so long at most; then ends what is under way and leaves the rest on disk, or counts it as
   * `Stopped` where there is none. An other side that takes nothing is asked once more, and not waited for.
   */
  close(deadlineMs: number): Promise<void> {
    this.#closed ??= this.#close(deadlineMs);
    return this.#closed;
  }

  async #close(deadlineMs: number): Promise<void> {
    this.#isClosing = true;
    const startMs = this.#now();
    this.#gatherer.seal();
    this.#sender.hurry();
    this.#changed();
    await this.#until(() => this.#isDone(startMs), deadlineMs);
    const rest = [...this.#sender.stop(), ...this.#queue.takeAll()];
    if (this.#overflow === undefined) this.#drop(rest, "Stopped");
    else await this.#leave(this.#overflow, rest);
    this.#report.close();
  }

  #isDone(startMs: number): boolean {
    const isIdle = this.#sender.isIdle && this.#queue.length === 0;
    if (this.#overflow === undefined) return isIdle;
    const { trouble } = this.#sender;
    const isHopeless = trouble !== undefined && trouble.lastMs >= startMs && this.#overflow.canWrite;
    return isHopeless || (isIdle && this.#overflow.isDrained);
  }

  /** Leaves on disk what is there, and writes what is not. */
  async #leave(overflow: Overflow, rest: readonly Pack[]): Promise<void> {
    const timeUp = sleep(lastWriteMs, undefined, { ref: false });
    await Promise.race([overflow.close(), timeUp]);
    // What came to the queue meanwhile was written as well.
    const packs = [...rest, ...this.#queue.takeAll(), ...overflow.line.takeAll()];
    for (const pack of packs.filter((pack) => overflow.has(pack))) overflow.leave(pack);
    const unwritten = packs.filter((pack) => !overflow.has(pack));
    this.#drop(await overflow.writeLast(unwritten, timeUp), "Stopped");
  }

  /** Resolves as soon as it holds, or when time is up. */
  async #until(holds: () => boolean, ms: number): Promise<void> {
    if (holds()) return;
    await new Promise<void>((resolve) => {
      const end = (): void => {
        clearTimeout(timer);
        this.#onChange = undefined;
        resolve();
      };
      const timer = setTimeout(end, ms);
      this.#onChange = () => {
        if (holds()) end();
      };
    });
  }

  #accept(pack: Pack): void {
    const overflow = this.#overflow;
    if (overflow?.isOn) {
      overflow.add(pack);
    } else {
      this.#queue.push(pack);
      if (this.#isOverflowing()) this.#turnToDisk();
    }
    this.#keepBound();
    this.#sender.pump();
  }

  /** Early enough for what comes while the disk writes its first. */
  #isOverflowing(): boolean {
    const most = this.#memoryBytes;
    const fitsInMemory = this.#overflow === undefined ? most : Math.max(most / 2, most - lineBytes);
    return this.#queue.cost > fitsInMemory || this.#sender.trouble !== undefined;
  }

  /** From now on everything goes over the disk: what is being sent at the front, then what waits, then what comes. */
  #turnToDisk(): void {
    const overflow = this.#overflow;
    if (overflow === undefined || !overflow.canWrite) return;
    overflow.isOn = true;
    for (const pack of this.#sender.flying) if (!overflow.has(pack)) overflow.copy(pack);
    for (const pack of this.#queue.remove((pack) => !overflow.has(pack))) overflow.add(pack);
  }

  /** Something came, went or was tried. */
  #changed(): void {
    const overflow = this.#overflow;
    if (overflow !== undefined) {
      if (!overflow.isOn && this.#sender.trouble !== undefined) this.#turnToDisk();
      overflow.read();
      this.#turnFromDisk(overflow);
    }
    this.#keepBound();
    this.#sender.pump();
    this.#onChange?.();
  }

  #turnFromDisk(overflow: Overflow): void {
    if (overflow.isUseless) {
      overflow.isOn = false;
      for (const pack of overflow.line.takeAll()) this.#queue.push(pack);
    }
    if (this.#memoryBytes > 0 && overflow.isDrained && this.#sender.trouble === undefined) overflow.isOn = false;
  }

  /** Whether the queue is so short that more should be read from disk. */
  #wantsMore(): boolean {
    const { length, cost } = this.#queue;
    return length === 0 || (length < 2 * this.#sender.limit && cost < aheadBytes);
  }

  /** Gives up the oldest packs that are in memory alone, when there are more than fit. */
  #keepBound(): void {
    const overflow = this.#overflow;
    const bound = Math.max(this.#memoryBytes, overflow === undefined ? leastBytes : lineBytes);
    while (this.#queue.cost + (overflow?.cost ?? 0) > bound) {
      const pack = this.#queue.removeFirst((pack) => !overflow?.has(pack)) ?? overflow?.line.shift();
      if (pack === undefined) break;
      // A copy of it may just be on its way to disk.
      overflow?.settle(pack, pack.documents.length);
      this.#drop([pack], "MemoryFull");
    }
  }

  #drop(packs: readonly Pack[], reason: DropReason): void {
    for (const { documents, bytes } of packs) {
      this.#tally.leave(documents.length, bytes);
      this.#tally.countDropped(reason, documents.length);
      if (reason === "Stopped") continue;
      this.#droppedMs = this.#now();
      this.#report.dropped(documents.length);
    }
  }
}
