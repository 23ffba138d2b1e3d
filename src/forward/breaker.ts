import { backoffMs } from "./backoff.ts";

/** What is known of an other side that takes nothing. */
export interface Trouble {
  readonly sinceMs: number;
  /** The last attempt. */
  readonly lastMs: number;
  /** In its own words, or the network's. */
  readonly message: string;
}

const longestBackoffMs = 10_000;
const longestRetryAfterMs = 300_000;
/** Somebody has to act first; now and then one looks whether they did. */
const holdMs = 30_000;
/** From then on it is no hiccup. */
const troubleAfterFailures = 3;
const troubleAfterMs = 3_000;

/**
 * Keeps requests away from an other side that fails: after a failure comes a pause, and behind it one request at a time,
 * with longer pauses between, until one succeeds. The memory of one way out.
 */
export class Breaker {
  readonly #now: () => number;
  readonly #random: () => number;
  #failures = 0;
  #isHeld = false;
  #sinceMs = 0;
  #lastMs = 0;
  #resumeMs = 0;
  #message = "";
  #isHurried = false;

  constructor({ now, random }: { readonly now: () => number; readonly random: () => number }) {
    this.#now = now;
    this.#random = random;
  }

  /** True from the first failure to the next success. */
  get isOpen(): boolean {
    return this.#failures > 0;
  }

  /** When the next request may go: in the past, unless there is a pause. */
  get resumeMs(): number {
    return this.#resumeMs;
  }

  /** Set when it fails for more than a moment. */
  get trouble(): Trouble | undefined {
    const isTrouble =
      this.#failures >= troubleAfterFailures ||
      this.#isHeld ||
      (this.isOpen && this.#now() - this.#sinceMs >= troubleAfterMs);
    return isTrouble ? { sinceMs: this.#sinceMs, lastMs: this.#lastMs, message: this.#message } : undefined;
  }

  /** How many requests may be under way, of a number that it would be otherwise. */
  allows(otherwise: number): number {
    if (!this.isOpen) return otherwise;
    return this.#now() >= this.#resumeMs ? 1 : 0;
  }

  succeed(): void {
    this.#failures = 0;
    this.#isHeld = false;
    this.#resumeMs = 0;
  }

  fail({ message, isHold, retryAfterMs = 0 }: { message: string; isHold: boolean; retryAfterMs?: number }): void {
    const now = this.#now();
    this.#message = message;
    this.#lastMs = now;
    // Of requests that were under way together the first one counts; the others are no news.
    const isNews = now >= this.#resumeMs || (isHold && !this.#isHeld);
    if (!isNews) return;
    if (!this.isOpen) this.#sinceMs = now;
    this.#failures += 1;
    this.#isHeld = isHold;
    const backoff = backoffMs(this.#failures, this.#isHurried ? 1_000 : longestBackoffMs, this.#random);
    const held = isHold ? holdMs * (0.8 + 0.4 * this.#random()) : 0;
    this.#resumeMs = now + Math.max(backoff, held, Math.min(retryAfterMs, longestRetryAfterMs));
  }

  /** There is little time left: ends the pause, and makes the next ones short. */
  hurry(): void {
    this.#isHurried = true;
    this.#resumeMs = 0;
  }
}
