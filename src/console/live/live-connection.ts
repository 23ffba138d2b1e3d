import type { Counters, MapChange, WireTraceSummary } from "../../api/wire.ts";

export interface LiveEvents {
  readonly trace: readonly WireTraceSummary[];
  readonly map: MapChange;
  readonly stats: Counters;
  /** Something was missed: ask again for everything. */
  readonly gap: object;
}

export type ConnectionState =
  | { readonly kind: "connecting" }
  | { readonly kind: "open" }
  /** The server answers, but streams do not get through: it is asked every few seconds. */
  | { readonly kind: "polling" }
  | { readonly kind: "lost"; readonly sinceMs: number; readonly nextTryMs: number };

export interface LiveOptions {
  readonly url: string;
  /** Id of the last event that is known already: what came after it is told again. */
  readonly after?: string | undefined;
  /** `id` is what to go on after, when another connection takes over. */
  readonly onEvent: <Name extends keyof LiveEvents>(name: Name, data: LiveEvents[Name], id: string | undefined) => void;
  readonly onState: (state: ConnectionState) => void;
  /** Asks once for what a stream would have told; rejects while the server does not answer. */
  readonly poll: () => Promise<Partial<LiveEvents>>;
  /** Opens a stream; tests have one of their own. */
  readonly open?: (url: string) => Source;
}

/** What is used of an `EventSource`. */
export type Source = Pick<EventSource, "addEventListener" | "close"> & {
  onopen: ((event: Event) => void) | null;
  onerror: ((event: Event) => void) | null;
};

const names = ["trace", "map", "stats", "gap"] as const;
const firstWaitMs = 250;
const longestWaitMs = 4_000;
/** The server's heart beats every fifteen seconds: who hears nothing for so long has lost it. */
const silenceMs = 40_000;
/** So many streams in a row that fail, while the server answers, are enough. */
const patience = 3;
const pollMs = 5_000;

/**
 * A live stream that goes on. One that breaks is opened again, soon at first, then every few seconds, and asks for what
 * went by meanwhile; the server says when it does not know. The browser's own retrying gives up on some errors, ours never.
 */
export class LiveConnection {
  readonly #options: LiveOptions;
  #source: Source | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #silence: ReturnType<typeof setTimeout> | undefined;
  #waitMs = firstWaitMs;
  #lostMs: number | undefined;
  #after: string | undefined;
  #failures = 0;
  #isClosed = false;

  constructor(options: LiveOptions) {
    this.#options = options;
    this.#after = options.after;
    options.onState({ kind: "connecting" });
    this.#open();
  }

  /** Tries at once instead of waiting. */
  retry(): void {
    if (this.#timer === undefined) return;
    clearTimeout(this.#timer);
    this.#open();
  }

  close(): void {
    this.#isClosed = true;
    clearTimeout(this.#timer);
    clearTimeout(this.#silence);
    this.#timer = undefined;
    this.#source?.close();
  }

  #open(): void {
    this.#timer = undefined;
    const { url, open = (address: string): Source => new EventSource(address) } = this.#options;
    const after = this.#after === undefined ? "" : `${url.includes("?") ? "&" : "?"}after=${this.#after}`;
    const source = open(url + after);
    this.#source = source;
    source.onopen = () => this.#opened();
    source.onerror = () => void this.#failed();
    source.addEventListener("heartbeat", () => this.#listen());
    for (const name of names) {
      source.addEventListener(name, (event) => {
        this.#listen();
        if (event.lastEventId !== "") this.#after = event.lastEventId;
        this.#options.onEvent(name, JSON.parse(event.data), this.#after);
      });
    }
  }

  #opened(): void {
    const wasLost = this.#lostMs !== undefined;
    this.#lostMs = undefined;
    this.#failures = 0;
    this.#waitMs = firstWaitMs;
    this.#options.onState({ kind: "open" });
    this.#listen();
    // Without an event to go on after, the server cannot know what was missed.
    if (wasLost && this.#after === undefined) this.#options.onEvent("gap", {}, undefined);
  }

  #listen(): void {
    clearTimeout(this.#silence);
    this.#silence = setTimeout(() => void this.#failed(), silenceMs);
  }

  async #failed(): Promise<void> {
    clearTimeout(this.#silence);
    this.#source?.close();
    this.#failures += 1;
    this.#lostMs ??= Date.now();
    if (this.#failures > patience && (await this.#poll())) {
      this.#wait(pollMs);
      return;
    }
    this.#options.onState({ kind: "lost", sinceMs: this.#lostMs, nextTryMs: Date.now() + this.#waitMs });
    this.#wait(this.#waitMs);
    this.#waitMs = Math.min(this.#waitMs * 2, longestWaitMs);
  }

  #wait(ms: number): void {
    clearTimeout(this.#timer);
    if (!this.#isClosed) this.#timer = setTimeout(() => this.#open(), ms);
  }

  /** Whether the server answers without a stream; what it says is told as if one had. */
  async #poll(): Promise<boolean> {
    try {
      const found = await this.#options.poll();
      if (this.#isClosed) return false;
      this.#lostMs = Date.now();
      this.#options.onState({ kind: "polling" });
      for (const name of names) {
        const data = found[name];
        if (data !== undefined) this.#options.onEvent(name, data, undefined);
      }
      return true;
    } catch {
      // Nobody answers at all, which the caller says.
      return false;
    }
  }
}
