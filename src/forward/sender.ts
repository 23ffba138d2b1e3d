import { backoffMs } from "./backoff.ts";
import { Breaker, type Trouble } from "./breaker.ts";
import type { OutboxReport } from "./outbox-report.ts";
import type { OutboxTally } from "./outbox-tally.ts";
import { halve, type Pack, sizeOf } from "./pack.ts";
import type { PackQueue } from "./pack-queue.ts";
import { type Advice, ForwardError, type Outcome, type Unprocessed, type WayOut } from "./way-out.ts";

export interface SenderOptions {
  readonly wayOut: WayOut;
  /** Most requests at a time. */
  readonly parallel: number;
  /** What is to be sent, the oldest first. What failed goes back to its front. */
  readonly queue: PackQueue;
  readonly tally: OutboxTally;
  readonly report: OutboxReport;
  readonly now: () => number;
  readonly random: () => number;
  readonly onUnprocessed: (unprocessed: Unprocessed, document: Uint8Array) => void;
  /** So many of the pack's documents need not be kept any longer. */
  readonly onSettled: (pack: Pack, documents: number) => void;
  /** A request came to its end, whichever: there may be room for another. */
  readonly onChange: () => void;
}

/** Requests at a time to begin with. One more with each success, while there is more to send. */
const firstParallel = 2;
/** A pack that fails so often while others get out is looked into. */
const suspectAfterFailures = 3;
const longestSuspectMs = 300_000;

/** Sends packs from a queue: several at a time, with care for an other side that fails, until each document is settled. */
export class Sender {
  readonly #options: SenderOptions;
  readonly #breaker: Breaker;
  readonly #flying: Map<Pack, AbortController> = new Map();
  /** Put off on their own, while others go out: not everything in them was taken, or the other side stumbles over them. */
  #later: { readonly pack: Pack; readonly atMs: number }[] = [];
  #parallel: number;
  #limit: number;
  #places = 1;
  #timer: NodeJS.Timeout | undefined;
  #isStopped = false;

  constructor(options: SenderOptions) {
    this.#options = options;
    this.#breaker = new Breaker(options);
    this.#parallel = options.parallel;
    this.#limit = Math.min(firstParallel, options.parallel);
  }

  /** In requests just now, the oldest first. */
  get flying(): readonly Pack[] {
    return [...this.#flying.keys()];
  }

  /** Requests at a time, as things are. */
  get limit(): number {
    return this.#limit;
  }

  /** From now on so many requests at a time at most; those under way end as they began. */
  allow(parallel: number): void {
    this.#parallel = parallel;
    this.#limit = Math.min(this.#limit, parallel);
  }

  get isIdle(): boolean {
    return this.#flying.size === 0 && this.#later.length === 0;
  }

  /** Set while the other side takes nothing, for more than a moment. */
  get trouble(): Trouble | undefined {
    return this.#breaker.trouble;
  }

  /** Starts as many requests as may be. */
  pump(): void {
    if (this.#isStopped) return;
    this.#takeDue();
    while (this.#flying.size < this.#breaker.allows(this.#limit)) {
      const pack = this.#options.queue.shift();
      if (pack === undefined) break;
      void this.#send(pack);
    }
    this.#wakeLater();
  }

  /** There is little time left: tries at once whatever was put off. */
  hurry(): void {
    this.#breaker.hurry();
    this.#later = this.#later.map(({ pack }) => ({ pack, atMs: 0 }));
    this.pump();
  }

  /** Ends all requests and answers what was in them, and what was put off: none of it is known to have arrived. */
  stop(): Pack[] {
    this.#isStopped = true;
    clearTimeout(this.#timer);
    const packs = [...this.#flying.keys(), ...this.#later.map(({ pack }) => pack)];
    const controllers = [...this.#flying.values()];
    this.#flying.clear();
    this.#later = [];
    for (const controller of controllers) controller.abort();
    return packs;
  }

  async #send(pack: Pack): Promise<void> {
    const { wayOut, now, onChange } = this.#options;
    const controller = new AbortController();
    pack.place ??= this.#places++;
    this.#flying.set(pack, controller);
    const startMs = now();
    let outcomes: readonly Outcome[] | undefined;
    let error: unknown;
    try {
      outcomes = await wayOut.send(pack.documents, controller.signal);
    } catch (thrown) {
      error = thrown;
    }
    // Once stopped, somebody else has the pack.
    if (!this.#flying.delete(pack)) return;
    const seconds = (now() - startMs) / 1000;
    if (outcomes !== undefined) this.#answered(pack, outcomes, seconds);
    else this.#failed(pack, error, seconds);
    onChange();
    this.pump();
  }

  #answered(pack: Pack, outcomes: readonly Outcome[], seconds: number): void {
    const { tally, report, queue } = this.#options;
    tally.requests += 1;
    tally.sentBytes += pack.bytes;
    tally.latency.observe(seconds);
    const again: Uint8Array[] = [];
    let taken = 0;
    let busy: Unprocessed | undefined;
    pack.documents.forEach((document, index) => {
      const outcome = outcomes[index];
      if (outcome === undefined) {
        taken += 1;
      } else if (outcome.retryable) {
        again.push(document);
        busy = outcome;
      } else {
        this.#refused(outcome, document);
      }
    });
    const settled = pack.documents.length - again.length;
    const bytes = sizeOf(again);
    tally.sent += taken;
    tally.leave(settled, pack.bytes - bytes);
    report.sent(taken, seconds);
    pack.documents = again;
    pack.bytes = bytes;
    this.#options.onSettled(pack, settled);
    if (busy !== undefined && settled === 0) {
      tally.retries += 1;
      pack.failures += 1;
      this.#back(pack, { message: `${busy.code}: ${busy.message}`, isHold: false });
      return;
    }
    this.#succeeded();
    if (again.length > 0) {
      tally.retries += 1;
      pack.failures += 1;
      this.#putOff(pack);
    } else if (queue.length > 0) {
      this.#limit = Math.min(this.#limit + 1, this.#parallel);
    }
  }

  #failed(pack: Pack, error: unknown, seconds: number): void {
    const { tally, queue } = this.#options;
    const failure = readFailure(error);
    tally.countFailure(failure.kind);
    if (failure.advice === "split") {
      tally.requests += 1;
      tally.latency.observe(seconds);
      this.#succeeded();
      if (pack.documents.length > 1) for (const half of halve(pack).reverse()) queue.putBack(half);
      else this.#giveUp(pack, failure);
      return;
    }
    tally.retries += 1;
    if (pack.failures === 0) pack.sentAtFirstFailure = tally.sent;
    // Who was never reached has not stumbled over anything: order is kept.
    if (failure.kind !== "connectionRefused" && failure.kind !== "unknownHost") pack.failures += 1;
    const isSuspect = pack.failures >= suspectAfterFailures && tally.sent > pack.sentAtFirstFailure;
    const { message, retryAfterMs, advice } = failure;
    // Not spread: an error's message is no property that would come along.
    if (!isSuspect || advice === "hold") this.#back(pack, { message, retryAfterMs, isHold: advice === "hold" });
    else if (pack.documents.length > 1) for (const half of halve(pack)) this.#putOff(half);
    else this.#putOff(pack);
  }

  /** Keeps the pack at the front of the queue; only one that keeps failing lets others have a try. */
  #back(pack: Pack, failure: { message: string; isHold: boolean; retryAfterMs?: number | undefined }): void {
    const { queue, report } = this.#options;
    if (pack.failures < suspectAfterFailures) queue.putBack(pack);
    else queue.push(pack);
    this.#limit = Math.min(firstParallel, this.#parallel);
    this.#breaker.fail({ ...failure, retryAfterMs: failure.retryAfterMs ?? 0 });
    report.failed(failure.message, this.#breaker.trouble);
  }

  #putOff(pack: Pack): void {
    const delay = backoffMs(pack.failures, longestSuspectMs, this.#options.random);
    this.#later.push({ pack, atMs: this.#isStopped ? 0 : this.#options.now() + delay });
  }

  #succeeded(): void {
    const trouble = this.#breaker.trouble;
    this.#breaker.succeed();
    if (trouble !== undefined) this.#options.report.recovered(trouble);
  }

  #giveUp(pack: Pack, { message, status }: Failure): void {
    const code = status === undefined ? "NotSent" : `Http${status}`;
    this.#refused({ code, message, retryable: false }, pack.documents[0]!);
    this.#options.tally.leave(1, pack.bytes);
    this.#options.onSettled(pack, 1);
  }

  #refused(unprocessed: Unprocessed, document: Uint8Array): void {
    this.#options.tally.countUnprocessed(unprocessed.code);
    this.#options.report.unprocessed(unprocessed, document);
    this.#options.onUnprocessed(unprocessed, document);
  }

  #takeDue(): void {
    if (this.#later.length === 0) return;
    const now = this.#options.now();
    const due = this.#later.filter(({ atMs }) => atMs <= now);
    if (due.length === 0) return;
    this.#later = this.#later.filter(({ atMs }) => atMs > now);
    for (const { pack } of due) this.#options.queue.push(pack);
  }

  /** One timer, for the pause's end or for what was put off, and only while something waits for it. */
  #wakeLater(): void {
    clearTimeout(this.#timer);
    const waits = this.#later.map(({ atMs }) => atMs);
    const isPaused = this.#options.queue.length > 0 && this.#breaker.isOpen && this.#flying.size === 0;
    if (isPaused) waits.push(this.#breaker.resumeMs);
    if (waits.length === 0) return;
    const ms = Math.max(1, Math.ceil(Math.min(...waits) - this.#options.now()));
    this.#timer = setTimeout(() => {
      this.#options.onChange();
      this.pump();
    }, ms).unref();
  }
}

interface Failure {
  readonly message: string;
  readonly kind: ForwardError["kind"];
  readonly advice: Advice;
  readonly status: number | undefined;
  readonly retryAfterMs: number | undefined;
}

/**
 * A way out that fails with anything but a `ForwardError` has a fault of its own. With a code it comes from the system
 * and passes; without one it is most likely a bug that some document brings out, which must not hold up all others.
 */
function readFailure(error: unknown): Failure {
  if (error instanceof ForwardError) return error;
  const message = error instanceof Error ? error.message : String(error);
  const advice = error instanceof Error && "code" in error ? "retry" : "split";
  return { message, kind: "other", advice, status: undefined, retryAfterMs: undefined };
}
