import { endOf } from "./self-time.ts";
import { type SpanColumns, spanFlag } from "./span-columns.ts";

/** What would have to get faster for the whole to get faster. */
export interface CriticalPath {
  /** Ascending, without overlaps: at each moment the row that the end of the trace waited for. */
  readonly stretches: readonly Stretch[];
  /** How much of that time was whose; largest first. */
  readonly shares: readonly Share[];
}

interface Stretch {
  readonly row: number;
  readonly startSeconds: number;
  readonly endSeconds: number;
}

export interface Share {
  readonly service: string;
  readonly seconds: number;
  /** Of the path, 0 to 1. */
  readonly share: number;
}

/** What of a trace the path is found from. */
export type PathColumns = Pick<
  SpanColumns,
  "count" | "startSeconds" | "endSeconds" | "services" | "labels" | "labelOf" | "sizes" | "starts" | "ends" | "flags"
>;

/** Epoch seconds have steps of a quarter of a microsecond. */
const roundingSeconds = 1e-6;

/** A row that the walk is in: back from `end`, not before `floor`, and by now at `at`. */
interface Frame {
  readonly row: number;
  readonly floor: number;
  readonly end: number;
  /** Those that end last, last: taken from the end. */
  readonly children: number[];
  at: number;
}

/** A subsegment that outlives what it is in by more was left to itself. */
const lateSeconds = 0.001;

/**
 * Walks back from the end of what nobody called: at each moment the time belongs to the child that ended last before it,
 * or to the row itself where no child was at work. Nobody waited for a subsegment that goes on when its parent has ended;
 * a segment on another machine may seem to, where clocks differ.
 */
export function criticalPath(tree: PathColumns): CriticalPath {
  const { starts, sizes, flags } = tree;
  const childrenFrom = (first: number, until: number): number[] => {
    const children: number[] = [];
    const callees: number[] = [];
    for (let row = first; row < until; row += sizes[row]!) {
      children.push(row);
      if ((flags[row]! & spanFlag.segment) !== 0) callees.push(row);
    }
    // What a caller says of its own waiting, as the phases of a request, is the same time; the callee tells more of it.
    const isAnswered = first > 0 && callees.length > 0 && (flags[first - 1]! & spanFlag.call) !== 0;
    return (isAnswered ? callees : children).sort((a, b) => endOf(tree, a) - endOf(tree, b));
  };

  const stretches: Stretch[] = [];
  const spend = (row: number, startSeconds: number, endSeconds: number): void => {
    // Between two roots nobody is at work.
    if (row >= 0 && endSeconds > startSeconds) stretches.push({ row, startSeconds, endSeconds });
  };
  const all = childrenFrom(0, tree.count);
  // Nobody knows what an orphan belongs to: it counts when there is nothing else.
  const known = all.filter((row) => (flags[row]! & spanFlag.orphan) === 0);
  const tops = known.length > 0 ? known : all;
  const lastEnd = tops.length === 0 ? tree.startSeconds : endOf(tree, tops.at(-1)!);
  const stack: Frame[] = [{ row: -1, floor: tree.startSeconds, end: lastEnd, children: tops, at: lastEnd }];
  for (let frame = stack.at(-1); frame !== undefined; frame = stack.at(-1)) {
    const child = frame.children.pop();
    if (child === undefined || frame.at <= frame.floor) {
      spend(frame.row, frame.floor, frame.at);
      stack.pop();
      continue;
    }
    const start = Math.max(starts[child]!, frame.floor);
    const isLate = endOf(tree, child) > frame.end + lateSeconds;
    if (isLate && (flags[child]! & spanFlag.segment) === 0) continue;
    let end = Math.min(endOf(tree, child), frame.end);
    if (end > frame.at) {
      // It ran beside the one that was waited for.
      if (end - frame.at > roundingSeconds) continue;
      end = frame.at;
    }
    if (start >= end) continue;
    spend(frame.row, end, frame.at);
    frame.at = start;
    stack.push({ row: child, floor: start, end, children: childrenFrom(child + 1, child + sizes[child]!), at: end });
  }
  stretches.reverse();
  return { stretches, shares: sharesOf(tree, stretches) };
}

function sharesOf({ services, labels, labelOf }: PathColumns, stretches: readonly Stretch[]): Share[] {
  const spent = new Float64Array(services.length);
  let total = 0;
  for (const { row, startSeconds, endSeconds } of stretches) {
    const { service } = labels[labelOf[row]!]!;
    spent[service] = spent[service]! + endSeconds - startSeconds;
    total += endSeconds - startSeconds;
  }
  return services
    .map((service, index) => ({ service, seconds: spent[index]!, share: spent[index]! / total }))
    .filter(({ seconds }) => seconds > 0)
    .sort((a, b) => b.seconds - a.seconds);
}
