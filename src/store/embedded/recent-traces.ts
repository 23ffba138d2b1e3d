import type { KeptDocument } from "../keep-documents.ts";
import type { DocumentPlace } from "./document-blocks.ts";

/** A trace that documents came for lately. */
export interface RecentTrace<P> {
  readonly part: P;
  readonly seq: number;
  readonly digest: Uint8Array;
  readonly documents: readonly RecentDocument[];
}

/** Bytes, which the garbage collector need not look at, and the parsed form only where it will be wanted soon. */
interface RecentDocument {
  readonly place: DocumentPlace;
  readonly bytes: Uint8Array;
  readonly parsed: KeptDocument | undefined;
}

/** Length of the documents that are kept; parsed ones count for five. */
const keptLength = 32 * 2 ** 20;

/** Traces that more documents may come for, so that they need not be looked up and read. Bounded by their size. */
export class RecentTraces<P> {
  /** The one that changed last comes last. */
  readonly #traces = new Map<string, RecentTrace<P>>();
  #length = 0;

  get(traceId: string): RecentTrace<P> | undefined {
    return this.#traces.get(traceId);
  }

  set(traceId: string, trace: RecentTrace<P>): void {
    this.delete(traceId);
    this.#traces.set(traceId, trace);
    this.#length += lengthOf(trace);
    for (const oldest of this.#traces.keys()) {
      if (this.#length <= keptLength) break;
      this.delete(oldest);
    }
  }

  clear(): void {
    this.#traces.clear();
    this.#length = 0;
  }

  delete(traceId: string): void {
    const trace = this.#traces.get(traceId);
    if (trace === undefined) return;
    this.#traces.delete(traceId);
    this.#length -= lengthOf(trace);
  }
}

function lengthOf({ digest, documents }: RecentTrace<unknown>): number {
  let length = digest.length;
  for (const { bytes, parsed } of documents) length += bytes.length * (parsed === undefined ? 1 : 5);
  return length;
}
