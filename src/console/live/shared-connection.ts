import { type ConnectionState, LiveConnection, type LiveEvents, type LiveOptions } from "./live-connection.ts";

/** What the leader says to the other tabs, and they to it. */
type Message =
  | { readonly kind: "state"; readonly state: ConnectionState }
  | {
      readonly kind: "event";
      readonly name: keyof LiveEvents;
      readonly data: LiveEvents[keyof LiveEvents];
      readonly id: string | undefined;
    }
  /** A tab that has just come wants to know how things are. */
  | { readonly kind: "hello" }
  /** A tab that leads from now on wants to know whether there are others. */
  | { readonly kind: "who" }
  | { readonly kind: "retry" };

/**
 * One live stream for all tabs that look through the same filter: a browser grants a site few connections. Whoever has the
 * lock is the leader, holds the stream and passes on what it says; when it goes, the next one goes on after the last event.
 * Where there are no locks (plain HTTP from another machine), each tab has a stream of its own.
 */
export class SharedConnection {
  readonly #options: LiveOptions;
  readonly #channel: BroadcastChannel | undefined;
  readonly #closing = new AbortController();
  #own: LiveConnection | undefined;
  #state: ConnectionState = { kind: "connecting" };
  #stats: LiveEvents["stats"] | undefined;
  #after: string | undefined;
  /** Nobody listens until somebody has said so: what is passed on has to be copied, many times a second. */
  #hasOthers = false;

  constructor(options: LiveOptions) {
    this.#options = options;
    options.onState(this.#state);
    if (navigator.locks === undefined || typeof BroadcastChannel === "undefined") {
      this.#lead();
      return;
    }
    const name = `fluoroscope ${options.url}`;
    this.#channel = new BroadcastChannel(name);
    this.#channel.onmessage = ({ data }: MessageEvent<Message>) => this.#hear(data);
    this.#say({ kind: "hello" });
    const { signal } = this.#closing;
    const held = navigator.locks.request(name, { signal }, () => {
      if (signal.aborted) return undefined;
      this.#lead();
      // Until this tab is closed, in one way or another.
      return new Promise<void>((release) => {
        signal.addEventListener("abort", () => release());
      });
    });
    held.catch(() => {
      // Closed before it was this tab's turn.
    });
  }

  retry(): void {
    if (this.#own !== undefined) this.#own.retry();
    else this.#say({ kind: "retry" });
  }

  close(): void {
    this.#closing.abort();
    this.#own?.close();
    this.#channel?.close();
  }

  #lead(): void {
    const { onEvent, onState } = this.#options;
    this.#say({ kind: "who" });
    this.#own = new LiveConnection({
      ...this.#options,
      after: this.#after,
      onState: (state) => {
        this.#state = state;
        onState(state);
        this.#passOn({ kind: "state", state });
      },
      onEvent: (name, data, id) => {
        if (name === "stats") this.#stats = data as LiveEvents["stats"];
        onEvent(name, data, id);
        this.#passOn({ kind: "event", name, data, id });
      },
    });
  }

  #hear(message: Message): void {
    switch (message.kind) {
      case "who":
        this.#say({ kind: "hello" });
        return;
      case "hello":
        this.#hasOthers = true;
        if (this.#own === undefined) return;
        this.#say({ kind: "state", state: this.#state });
        if (this.#stats !== undefined) this.#say({ kind: "event", name: "stats", data: this.#stats, id: undefined });
        return;
      case "retry":
        this.#own?.retry();
        return;
      case "state":
        if (this.#own === undefined) this.#options.onState(message.state);
        return;
      case "event":
        if (this.#own !== undefined) return;
        this.#after = message.id ?? this.#after;
        this.#options.onEvent(message.name, message.data, message.id);
    }
  }

  #passOn(message: Message): void {
    if (this.#hasOthers) this.#say(message);
  }

  #say(message: Message): void {
    this.#channel?.postMessage(message);
  }
}
