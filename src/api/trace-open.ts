import { findDocument } from "../analysis/find-document.ts";
import { encodeSkeleton } from "../analysis/skeleton.ts";
import { skeletonOf } from "../analysis/skeleton-of.ts";
import { type SpanTree, spanTree } from "../analysis/span-tree.ts";
import type { StoredTrace } from "../store/trace-store.ts";
import { assemble } from "./assemble-traces.ts";
import type { TraceSegmentDetails } from "./wire.ts";

/** A trace that somebody looks at: put together once, and asked piece by piece. */
export class OpenTrace {
  readonly #stored: StoredTrace;
  readonly #tree: SpanTree;
  #texts: readonly string[] | undefined;

  constructor(stored: StoredTrace) {
    this.#stored = stored;
    this.#tree = spanTree(assemble(stored));
  }

  skeleton(): Uint8Array<ArrayBuffer> {
    return encodeSkeleton(skeletonOf(this.#tree, this.#stored));
  }

  /** All that is known of one segment or subsegment; `undefined` for an id that is nobody's. */
  segment(id: string): TraceSegmentDetails | undefined {
    const row = this.#tree.rows[this.#tree.ids.rowOf(id)];
    if (row === undefined) return undefined;
    const { segment, kind, service, inferred } = row;
    const document = findDocument(this.#stored.documents, id);
    return {
      revision: this.#stored.revision,
      segment: { ...segment, subsegments: [] },
      kind,
      service,
      ...(inferred !== undefined && { inferred }),
      ...(document !== undefined && { document }),
    };
  }

  /** Indexes of the rows in which all words of a text stand, in any field and whatever their case. */
  search(text: string): number[] {
    const words = text.toLowerCase().split(/\s+/).filter(Boolean);
    if (words.length === 0) return [];
    this.prepareSearch();
    const found: number[] = [];
    this.#texts?.forEach((each, row) => {
      if (words.every((word) => each.includes(word))) found.push(row);
    });
    return found;
  }

  /** Makes the texts that are searched, which takes longer than searching them. */
  prepareSearch(): void {
    this.#texts ??= this.#tree.rows.map(({ segment, service }) => searchText(segment, service));
  }
}

/** What is below a row is found there. */
function searchText(segment: SpanTree["rows"][number]["segment"], service: string): string {
  const { subsegments: _, ...own } = segment;
  return `${service} ${JSON.stringify(own)}`.toLowerCase();
}
