import type { StoredTrace, TraceStore } from "../store/trace-store.ts";
import { isLarge } from "./assemble-large.ts";
import { OpenTrace } from "./trace-open.ts";
import { TraceThread } from "./trace-thread.ts";
import type { TraceSegmentDetails } from "./wire.ts";

/** A trace of 100,000 subsegments takes some 200 MB while it is open. */
const mostLarge = 2;

/**
 * Traces as people look at them: first the skeleton, then a row here and there. Small ones are put together anew for each
 * question; large ones stay open in a thread of their own.
 */
export class TraceDesk {
  readonly #store: Pick<TraceStore, "readTraces">;
  /** Revisions of the traces that the thread knows, those asked for last, last. */
  readonly #large = new Map<string, number>();
  readonly #thread: TraceThread = new TraceThread(() => this.#large.clear());

  constructor(store: Pick<TraceStore, "readTraces">) {
    this.#store = store;
  }

  /** `undefined` when there is no such trace. */
  async skeleton(id: string): Promise<Uint8Array | undefined> {
    const stored = await this.#read(id);
    if (stored === undefined) return undefined;
    return isLarge([stored]) ? this.#open(stored) : new OpenTrace(stored).skeleton();
  }

  /** A segment's details; `undefined` when there is no such trace, or no such segment in it. */
  async segment(id: string, segmentId: string, revision?: number): Promise<TraceSegmentDetails | undefined> {
    const piece = await this.#piece(id, revision, {
      small: (trace) => trace.segment(segmentId),
      large: () => this.#thread.ask({ kind: "segment", key: id, id: segmentId }),
    });
    return piece?.value as TraceSegmentDetails | undefined;
  }

  /** The rows that hold a text; `undefined` when there is no such trace. */
  async search(
    id: string,
    text: string,
    revision?: number,
  ): Promise<{ revision: number; rows: readonly number[] } | undefined> {
    const piece = await this.#piece(id, revision, {
      small: (trace) => trace.search(text),
      large: () => this.#thread.ask({ kind: "search", key: id, text }),
    });
    return piece && { revision: piece.revision, rows: (piece.value ?? []) as readonly number[] };
  }

  close(): Promise<void> {
    return this.#thread.stop();
  }

  /** From the trace that is open at the revision asked for; else from the trace as it is now. */
  async #piece(
    id: string,
    revision: number | undefined,
    ask: { readonly small: (trace: OpenTrace) => unknown; readonly large: () => Promise<unknown> },
  ): Promise<{ revision: number; value: unknown } | undefined> {
    const known = this.#large.get(id);
    if (known !== undefined && known === revision) return { revision: known, value: await ask.large() };
    const stored = await this.#read(id);
    if (stored === undefined) return undefined;
    if (!isLarge([stored])) return { revision: stored.revision, value: ask.small(new OpenTrace(stored)) };
    await this.#open(stored);
    return { revision: stored.revision, value: await ask.large() };
  }

  async #open(stored: StoredTrace): Promise<Uint8Array> {
    const { id, revision } = stored;
    // What is asked until it is open waits in the thread's line behind it.
    this.#large.delete(id);
    this.#large.set(id, revision);
    for (const [oldest] of this.#large) {
      if (this.#large.size <= mostLarge) break;
      this.#large.delete(oldest);
      await this.#thread.ask({ kind: "forget", key: oldest });
    }
    return (await this.#thread.ask({ kind: "open", key: id, stored })) as Uint8Array;
  }

  async #read(id: string): Promise<StoredTrace | undefined> {
    const [stored] = await this.#store.readTraces([id]);
    return stored;
  }
}
