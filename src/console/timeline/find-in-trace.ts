import type { SpanTree } from "../../analysis/span-tree.ts";

/** Finds rows by any text that stands in them: names, URLs, statements, annotations, metadata, exceptions. */
export class TraceSearch {
  readonly #tree: SpanTree;
  #texts: readonly string[] | undefined;

  constructor(tree: SpanTree) {
    this.#tree = tree;
  }

  /** Indexes of the rows that hold all words of the text, whatever their case; none for an empty text. */
  find(text: string): number[] {
    const words = text.toLowerCase().split(/\s+/).filter(Boolean);
    if (words.length === 0) return [];
    // Made once, when somebody looks for something.
    this.#texts ??= this.#tree.rows.map(({ segment, service }) => {
      const { subsegments: _, ...own } = segment;
      return `${service} ${JSON.stringify(own)}`.toLowerCase();
    });
    const found: number[] = [];
    this.#texts.forEach((each, index) => {
      if (words.every((word) => each.includes(word))) found.push(index);
    });
    return found;
  }
}
