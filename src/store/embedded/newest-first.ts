import type { TraceQuery } from "../trace-store.ts";
import type { DigestView } from "./digest-view.ts";

/** Traces in order, and `undefined` now and then: a moment to let others take their turn. */
export type Traces = Generator<DigestView | undefined, void>;

/** A set of traces that can tell how new they are at most before it is opened. */
export interface Source {
  /** No trace in it is newer than this. */
  readonly newestSeconds: number;
  /** Newest first. */
  open(): Traces;
}

type RangeType = TraceQuery["rangeType"];

interface Head {
  readonly trace: DigestView;
  readonly seconds: number;
  readonly rest: Traces;
}

/**
 * All sources as one, newest first. A source is opened only once nothing newer can come from those that are open.
 * `stopsBefore` is asked before each: when it says so, all traces newer than those seconds have been given, and no others.
 */
export function* newestFirst(
  sources: readonly Source[],
  rangeType: RangeType,
  stopsBefore: (seconds: number) => boolean = () => false,
): Traces {
  const waiting = sources.toSorted((a, b) => a.newestSeconds - b.newestSeconds);
  /** The newest comes last. */
  const heads: Head[] = [];
  try {
    while (heads.length > 0 || waiting.length > 0) {
      const newest = heads.at(-1);
      const next = waiting.at(-1);
      if (next !== undefined && (newest === undefined || next.newestSeconds >= newest.seconds)) {
        if (stopsBefore(next.newestSeconds)) return;
        waiting.pop();
        yield undefined;
        yield* advance(next.open(), heads, rangeType);
      } else if (newest !== undefined) {
        // It stays among the heads until it is taken: who stops here closes it with the others.
        yield newest.trace;
        heads.pop();
        yield* advance(newest.rest, heads, rangeType);
      }
    }
  } finally {
    for (const { rest } of heads) rest.return();
  }
}

/** The time that traces are ordered by; those of one moment follow their ids. */
const secondsOf = (trace: DigestView, rangeType: RangeType): number =>
  rangeType === "TraceId" ? trace.idSeconds : trace.startSeconds;

/** Puts the next trace of a source in its place among the heads; a source that has none, or is left alone, is closed. */
function* advance(rest: Traces, heads: Head[], rangeType: RangeType): Generator<undefined, void> {
  let isHead = false;
  try {
    for (;;) {
      const { value: trace, done } = rest.next();
      if (done === true) return;
      if (trace === undefined) {
        yield undefined;
        continue;
      }
      const head = { trace, seconds: secondsOf(trace, rangeType), rest };
      heads.splice(heads.findLastIndex((other) => isNewer(head, other)) + 1, 0, head);
      isHead = true;
      return;
    }
  } finally {
    if (!isHead) rest.return();
  }
}

const isNewer = (a: Head, b: Head): boolean =>
  a.seconds > b.seconds || (a.seconds === b.seconds && a.trace.id > b.trace.id);
