import type { StoredVersion } from "./part-writer.ts";

/** A trace and the part it lives in. */
export interface FoundTrace<P> {
  readonly part: P;
  readonly version: StoredVersion;
}

/** Text of the documents that are kept parsed; on the heap they take about four times that. */
const keptLength = 24 * 2 ** 20;

/**
 * Traces that documents came for lately: more will follow for most of them, and need not be read and parsed anew.
 * Bounded by the length of their documents.
 */
export class RecentTraces<P> {
  /** The one that changed last comes last. */
  readonly #traces = new Map<string, FoundTrace<P>>();
  #length = 0;

  get(traceId: string): FoundTrace<P> | undefined {
    return this.#traces.get(traceId);
  }

  set(traceId: string, trace: FoundTrace<P>): void {
    this.delete(traceId);
    this.#traces.set(traceId, trace);
    this.#length += lengthOf(trace.version);
    for (const oldest of this.#traces.keys()) {
      if (this.#length <= keptLength) break;
      this.delete(oldest);
    }
  }

  delete(traceId: string): void {
    const trace = this.#traces.get(traceId);
    if (trace === undefined) return;
    this.#traces.delete(traceId);
    this.#length -= lengthOf(trace.version);
  }

  clear(): void {
    this.#traces.clear();
    this.#length = 0;
  }
}

function lengthOf({ documents }: StoredVersion): number {
  let length = 0;
  for (const { text } of documents) length += text.length;
  return length;
}
