import { FluoroscopeError } from "../errors.ts";
import { readsDocuments, withoutDocuments } from "../filter/bounds.ts";
import { compileFilter, compileWhole } from "../filter/evaluate.ts";
import type { Filter } from "../filter/tree.ts";
import { assembleTrace } from "../trace/assemble-trace.ts";
import type { TraceDigest } from "../trace/digest.ts";
import type { Segment } from "../trace/segment.ts";

/** A page that has read the documents of so many traces ends, full or not; the next one goes on behind it. */
export const tracesReadPerPage = 1_000;

/** A map or a series that would have to read the documents of more traces is refused: it has no pages. */
const tracesReadPerFigure = 50_000;

/**
 * Says which traces satisfy a filter: by their digests where these tell, by their documents where the filter asks for
 * metadata or subsegments and the rest of it lets the trace through. Used for one question.
 */
export class Judge {
  /** Whether the digest lets the trace through; where it does not, the documents would not either. */
  readonly lets: (digest: TraceDigest) => boolean;
  /** Whether digests do not tell all of it. */
  readonly readsDocuments: boolean;
  readonly #isSure: (digest: TraceDigest) => boolean = () => true;
  readonly #holds: (id: string, segments: readonly Segment[]) => boolean = () => true;
  #tracesRead = 0;

  constructor(filter: Filter | undefined) {
    this.readsDocuments = filter !== undefined && readsDocuments(filter);
    this.lets = filter === undefined ? () => true : compileFilter(filter);
    if (filter === undefined || !readsDocuments(filter)) return;
    const holds = compileWhole(filter);
    this.#isSure = compileFilter(withoutDocuments(filter, "must"));
    this.#holds = (id, segments) => holds(assembleTrace(id, segments));
  }

  /** Traces whose documents were read so far. */
  get tracesRead(): number {
    return this.#tracesRead;
  }

  /** Whether a trace that was let through satisfies the filter. `read` answers its segments. */
  holds(digest: TraceDigest, read: (traceId: string) => readonly Segment[]): boolean {
    if (this.#isSure(digest)) return true;
    this.#tracesRead += 1;
    return this.#holds(digest.id, read(digest.id));
  }

  /** For what has no pages. */
  holdsForFigure(digest: TraceDigest, read: (traceId: string) => readonly Segment[]): boolean {
    const holds = this.holds(digest, read);
    if (this.#tracesRead <= tracesReadPerFigure) return holds;
    throw new FluoroscopeError(
      "FLUORO_REFUSED",
      `The filter asks for metadata or subsegments, and more than ${tracesReadPerFigure} traces would have to be read ` +
        "for that. Choose a shorter range, or add a term that fewer traces satisfy: service(…), an annotation, a user.",
    );
  }
}
