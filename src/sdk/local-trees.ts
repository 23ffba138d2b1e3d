import type { EndedSpan } from "./ended-span.ts";

/** A local root and what is being done below it in this process. */
export interface Tree {
  readonly root: EndedSpan;
  readonly startedMs: number;
  readonly isParentMadeUp: boolean;
  isRootEnded: boolean;
  /** A segment in progress has been sent for it. */
  isAnnounced: boolean;
}

interface KeptTree extends Tree {
  finished: EndedSpan[];
  open: number;
}

export interface LocalTreesOptions {
  /** More finished spans than this are sent before their root ends. */
  readonly streamingThreshold: number;
  readonly send: (tree: Tree, spans: readonly EndedSpan[]) => void;
}

/** Spans that are kept at a time, open and finished. Some applications never end theirs. */
const maxSpans = 20_000;

/**
 * Gathers the spans of each local root until it ends. What ends later than its root goes alone. When there are too many,
 * the oldest roots give up what is below them: finished spans are sent, and open ones are let go.
 */
export class LocalTrees {
  readonly #threshold: number;
  readonly #send: LocalTreesOptions["send"];
  /** By span id. */
  readonly #open = new Map<string, KeptTree>();
  /** In the order in which they began. */
  readonly #trees = new Set<KeptTree>();
  #finished = 0;

  constructor({ streamingThreshold, send }: LocalTreesOptions) {
    this.#threshold = streamingThreshold;
    this.#send = send;
  }

  get size(): number {
    return this.#open.size + this.#finished;
  }

  open(span: EndedSpan, startedMs: number, isParentMadeUp: boolean): void {
    const parent = span.parentSpanContext;
    const found = parent === undefined || parent.isRemote === true ? undefined : this.#open.get(parent.spanId);
    const tree = found ?? this.#plant(span, startedMs, isParentMadeUp);
    tree.open += 1;
    this.#open.set(span.spanContext().spanId, tree);
    if (this.size > maxSpans) this.#giveUpOldest();
  }

  close(span: EndedSpan): void {
    const id = span.spanContext().spanId;
    const tree = this.#open.get(id);
    if (tree === undefined) return;
    this.#open.delete(id);
    tree.open -= 1;
    tree.finished.push(span);
    this.#finished += 1;
    if (span === tree.root) tree.isRootEnded = true;
    if (tree.open === 0 && tree.isRootEnded) this.#trees.delete(tree);
    if (tree.isRootEnded || tree.finished.length > this.#threshold) this.#send(tree, this.takeFinished(tree));
  }

  /** Those that began before a time and have not ended in all their parts. */
  startedBefore(timeMs: number): Tree[] {
    const found: Tree[] = [];
    for (const tree of this.#trees) {
      if (tree.startedMs >= timeMs) break;
      found.push(tree);
    }
    return found;
  }

  /** What has finished below a root since it was asked last. */
  takeFinished(tree: Tree): EndedSpan[] {
    const kept = tree as KeptTree;
    const finished = kept.finished;
    kept.finished = [];
    this.#finished -= finished.length;
    return finished;
  }

  #plant(root: EndedSpan, startedMs: number, isParentMadeUp: boolean): KeptTree {
    const tree: KeptTree = {
      root,
      startedMs,
      isParentMadeUp,
      isRootEnded: false,
      isAnnounced: false,
      finished: [],
      open: 0,
    };
    this.#trees.add(tree);
    return tree;
  }

  /** A quarter at a time, as all open spans are looked at for it. */
  #giveUpOldest(): void {
    const givenUp = new Set<KeptTree>();
    let freed = 0;
    for (const tree of this.#trees) {
      if (freed >= maxSpans / 4) break;
      givenUp.add(tree);
      freed += tree.open + tree.finished.length;
    }
    for (const [id, tree] of this.#open) if (givenUp.has(tree)) this.#open.delete(id);
    for (const tree of givenUp) {
      this.#trees.delete(tree);
      const spans = this.takeFinished(tree);
      if (spans.length > 0) this.#send(tree, spans);
    }
  }
}
