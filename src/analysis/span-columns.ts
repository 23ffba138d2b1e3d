/**
 * The rows of a waterfall as columns, each row before what it encloses or calls: all that can be computed or drawn of a
 * trace without its attributes. A hundred thousand rows are a few megabytes, where objects would be a hundred.
 */
export interface SpanColumns {
  readonly count: number;
  /** Of the whole trace. */
  readonly startSeconds: number;
  /** Of what has ended, and the start of what has not. */
  readonly endSeconds: number;
  /** Names of the services that take part, in the order of their first work; then those of orphans only. */
  readonly services: readonly string[];
  /** What rows are called and about, each said once. */
  readonly labels: readonly Label[];
  /** Sixteen hex digits a row. */
  readonly ids: Ids;
  /** Index of the row above that it belongs to; -1 at the top. */
  readonly parents: Int32Array;
  readonly depths: Int32Array;
  /** Rows of it and of all below it: a row's subtree are the `sizes[row]` rows from itself on. */
  readonly sizes: Int32Array;
  /** Epoch seconds. */
  readonly starts: Float64Array;
  /** Epoch seconds; NaN while the row is in progress. */
  readonly ends: Float64Array;
  /** Latest end of a row and of all below it. */
  readonly lastEnds: Float64Array;
  /** Indexes into `labels`. */
  readonly labelOf: Uint32Array;
  readonly flags: Uint16Array;
}

/** What a row is called and about: name, service, and the request, statement or operation. */
export interface Label {
  readonly name: string;
  /** Index into `SpanColumns.services`. */
  readonly service: number;
  readonly detail: string;
}

/** The ids of rows, and which row has an id. */
export interface Ids {
  at(row: number): string;
  /** -1 for an id that is nobody's. */
  rowOf(id: string): number;
}

/** What `SpanColumns.flags` says of a row. */
export const spanFlag = {
  fault: 1,
  error: 2,
  throttle: 4,
  inProgress: 8,
  /** Rather than a subsegment. */
  segment: 16,
  /** A call whose callee has sent no segment: the row stands for both. */
  inferred: 32,
  /** Its parent has not arrived. */
  orphan: 64,
  /** A segment that says it began before its caller called: two machines whose clocks differ. */
  skewed: 128,
  /** It went to another service. */
  call: 256,
  /** It tells of an exception. */
  exception: 512,
} as const;
