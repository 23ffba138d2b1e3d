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
  | { readonly kind: "lost"; readonly sinceMs: number; readonly nextTryMs: number };

export interface LiveOptions {
  readonly url: string;
  readonly onEvent: <Name extends keyof LiveEvents>(name: Name, data: LiveEvents[Name]) => void;
  readonly onState: (state: ConnectionState) => void;
}

const names = ["trace", "map", "stats", "gap"] as const;
const longestWaitMs = 4_000;

/**
 * The one live stream of this page. A stream that breaks is opened again, soon at first, then every few seconds; after
 * that counts as a gap, since nobody knows what went by. The browser's own retrying gives up on some errors, ours never.
 */
export class LiveConnection {
  readonly #options: LiveOptions;
  #source: EventSource | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #waitMs = 250;
  #lostMs: number | undefined;

  constructor(options: LiveOptions) {
    this.#options = options;
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
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#source?.close();
  }

  #open(): void {
    this.#timer = undefined;
    const source = new EventSource(this.#options.url);
    this.#source = source;
    source.onopen = () => this.#opened();
    source.onerror = () => this.#failed();
    for (const name of names) {
      source.addEventListener(name, (event) => this.#options.onEvent(name, JSON.parse(event.data)));
    }
  }

  #opened(): void {
    const wasLost = this.#lostMs !== undefined;
    this.#lostMs = undefined;
    this.#waitMs = 250;
    this.#options.onState({ kind: "open" });
    if (wasLost) this.#options.onEvent("gap", {});
  }

  #failed(): void {
    this.#source?.close();
    this.#lostMs ??= Date.now();
    this.#options.onState({ kind: "lost", sinceMs: this.#lostMs, nextTryMs: Date.now() + this.#waitMs });
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#open(), this.#waitMs);
    this.#waitMs = Math.min(this.#waitMs * 2, longestWaitMs);
  }
}
