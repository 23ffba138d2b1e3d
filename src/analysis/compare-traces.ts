import { selfSeconds } from "./self-time.ts";
import { type SpanColumns, spanFlag } from "./span-columns.ts";
import { type State, stateOf } from "./state-of.ts";

/** Two traces as one tree: what both did side by side, and what only one of them did. */
export interface Comparison {
  /** In the order of a waterfall, each before what it encloses or calls. */
  readonly rows: readonly ComparedRow[];
  readonly aSeconds: number;
  readonly bSeconds: number;
  /** How much longer B took than A. */
  readonly deltaSeconds: number;
  /** Rows whose own time differs, the greatest difference first. */
  readonly ranking: readonly number[];
}

/** A segment or subsegment of one trace or of both. */
export interface ComparedRow {
  /** Index in `Comparison.rows`. */
  readonly index: number;
  /** Index of the row above; -1 at the top. */
  readonly parent: number;
  readonly depth: number;
  /** Rows of it and of all below it. */
  readonly size: number;
  readonly service: string;
  readonly name: string;
  /** The request, statement or operation: B's, where there are two. */
  readonly detail: string;
  readonly a?: ComparedSide;
  readonly b?: ComparedSide;
  /** How much longer it took in B; what one of them did not do took no time there. */
  readonly deltaSeconds: number;
  /** The same of its own time, without what it waited for: these add up to what differs, the rows' durations do not. */
  readonly selfDeltaSeconds: number;
}

/** A row as one of the traces has it. */
export interface ComparedSide {
  /** Index in that trace's rows. */
  readonly row: number;
  /** Absent while it is in progress. */
  readonly seconds?: number;
  readonly selfSeconds: number;
  readonly state: State;
}

/** A row of A and the row of B that does the same; -1 where there is none. */
interface Pair {
  readonly a: number;
  readonly b: number;
  readonly parent: number;
}

/**
 * Puts two traces side by side. Rows below the same row are the same when service, name and detail are, the first with
 * the first, the second with the second; failing that, when service and name are.
 */
export function compareTraces(a: SpanColumns, b: SpanColumns): Comparison {
  const selfA = selfSeconds(a);
  const selfB = selfSeconds(b);
  const [childrenA, childrenB] = [childrenOf(a), childrenOf(b)];
  const rows: (ComparedRow & { size: number })[] = [];
  const stack = match(a, childrenA(-1), b, childrenB(-1), -1).reverse();
  for (let pair = stack.pop(); pair !== undefined; pair = stack.pop()) {
    const index = rows.length;
    const sideA = pair.a < 0 ? undefined : sideOf(a, selfA, pair.a);
    const sideB = pair.b < 0 ? undefined : sideOf(b, selfB, pair.b);
    const [columns, row] = sideB === undefined ? [a, pair.a] : [b, pair.b];
    const { name, service, detail } = columns.labels[columns.labelOf[row]!]!;
    rows.push({
      index,
      parent: pair.parent,
      depth: pair.parent < 0 ? 0 : rows[pair.parent]!.depth + 1,
      size: 1,
      service: columns.services[service]!,
      name,
      detail,
      ...(sideA && { a: sideA }),
      ...(sideB && { b: sideB }),
      deltaSeconds: (sideB?.seconds ?? 0) - (sideA?.seconds ?? 0),
      selfDeltaSeconds: (sideB?.selfSeconds ?? 0) - (sideA?.selfSeconds ?? 0),
    });
    const below = match(a, pair.a < 0 ? [] : childrenA(pair.a), b, pair.b < 0 ? [] : childrenB(pair.b), index);
    for (const child of below.reverse()) stack.push(child);
  }
  for (let index = rows.length - 1; index >= 0; index -= 1) {
    const above = rows[rows[index]!.parent];
    if (above !== undefined) above.size += rows[index]!.size;
  }
  const aSeconds = a.endSeconds - a.startSeconds;
  const bSeconds = b.endSeconds - b.startSeconds;
  return { rows, aSeconds, bSeconds, deltaSeconds: bSeconds - aSeconds, ranking: ranked(rows) };
}

/** What rounding leaves of equal times is no difference. */
const noSeconds = 1e-6;

function ranked(rows: readonly ComparedRow[]): number[] {
  return rows
    .filter(({ selfDeltaSeconds }) => Math.abs(selfDeltaSeconds) > noSeconds)
    .sort((one, other) => Math.abs(other.selfDeltaSeconds) - Math.abs(one.selfDeltaSeconds))
    .map(({ index }) => index);
}

/** The pairs below a row, as they came: by their start since that of the row, or of the trace at the top. */
function match(
  a: SpanColumns,
  childrenA: readonly number[],
  b: SpanColumns,
  childrenB: readonly number[],
  parent: number,
): Pair[] {
  const partner = new Map<number, number>();
  const taken = new Set<number>();
  for (const isExact of [true, false]) {
    const free = new Map<string, number[]>();
    for (const row of childrenB) {
      if (taken.has(row)) continue;
      const key = keyOf(b, row, isExact);
      const queue = free.get(key);
      if (queue === undefined) free.set(key, [row]);
      else queue.push(row);
    }
    const next = new Map<string, number>();
    for (const row of childrenA) {
      if (partner.has(row)) continue;
      const key = keyOf(a, row, isExact);
      const ordinal = next.get(key) ?? 0;
      const found = free.get(key)?.[ordinal];
      if (found === undefined) continue;
      next.set(key, ordinal + 1);
      partner.set(row, found);
      taken.add(found);
    }
  }
  const pairs = childrenA.map((row): Pair => ({ a: row, b: partner.get(row) ?? -1, parent }));
  for (const row of childrenB) if (!taken.has(row)) pairs.push({ a: -1, b: row, parent });
  if (pairs.length < 2) return pairs;
  const originA = originOf(a, childrenA);
  const originB = originOf(b, childrenB);
  const offset = (pair: Pair): number => (pair.a < 0 ? b.starts[pair.b]! - originB : a.starts[pair.a]! - originA);
  return pairs.sort((one, other) => offset(one) - offset(other));
}

/** When the work began of which these rows are parts. */
function originOf(columns: SpanColumns, children: readonly number[]): number {
  const first = children[0];
  const above = first === undefined ? -1 : columns.parents[first]!;
  return above < 0 ? columns.startSeconds : columns.starts[above]!;
}

function keyOf({ labels, labelOf, services, flags }: SpanColumns, row: number, isExact: boolean): string {
  const { name, service, detail } = labels[labelOf[row]!]!;
  const kind = flags[row]! & spanFlag.segment;
  return isExact ? `${kind}\n${services[service]}\n${name}\n${detail}` : `${kind}\n${services[service]}\n${name}`;
}

/** The rows right below a row; -1 stands for the trace. */
function childrenOf({ count, parents, sizes }: SpanColumns): (row: number) => number[] {
  return (row) => {
    const children: number[] = [];
    const end = row < 0 ? count : row + sizes[row]!;
    for (let child = row + 1; child < end; child += sizes[child]!) if (parents[child] === row) children.push(child);
    return children;
  };
}

function sideOf({ starts, ends, flags }: SpanColumns, self: Float64Array, row: number): ComparedSide {
  const seconds = ends[row]! - starts[row]!;
  const said = flags[row]!;
  return {
    row,
    ...(!Number.isNaN(seconds) && { seconds }),
    selfSeconds: self[row]!,
    state: stateOf({
      fault: (said & spanFlag.fault) !== 0,
      error: (said & spanFlag.error) !== 0,
      throttle: (said & spanFlag.throttle) !== 0,
    }),
  };
}
