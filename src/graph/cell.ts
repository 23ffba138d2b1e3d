import { durationMicros, microsToMillis } from "./duration.ts";
import { Tally } from "./tally.ts";

/** What a segment and a call have in common for the figures. */
export interface Timed {
  readonly startSeconds: number;
  readonly endSeconds?: number;
  readonly inProgress: boolean;
  readonly fault: boolean;
  readonly error: boolean;
  readonly throttled: boolean;
}

/**
 * The figures of one node or one edge over a stretch of time. Every figure is a sum of whole numbers, so that what was
 * added can be taken back without a trace, in any order.
 */
export class Cell {
  /** Segments or calls, in-progress ones included; the others add up to `ok + error + throttle + fault`. */
  present = 0;
  /** Of those, segments that are inferred. */
  inferred = 0;
  /** Of those, segments that are entry points. */
  roots = 0;
  /** Of those, segments whose caller has not arrived. */
  awaiting = 0;

  ok = 0;
  /** Throttles are not in here. */
  error = 0;
  throttle = 0;
  fault = 0;
  /** Of `ok + error + throttle + fault`, those that were not kept: they are counted with the kept ones that stand for them. */
  estimated = 0;
  totalMicros = 0;
  /** By whole milliseconds. */
  readonly durations: Tally = new Tally();

  /** Whole epoch seconds. */
  firstStart: number = Number.POSITIVE_INFINITY;
  lastEnd: number = Number.NEGATIVE_INFINITY;
  /** All whole seconds, where something may have to be taken back: the next earliest start must be known then. */
  readonly starts: Tally | undefined;
  readonly ends: Tally | undefined;

  /** Of links: how long the work had waited, by whole milliseconds, where that is known. */
  ages: Tally | undefined = undefined;

  /** Something was added or taken back since it was last asked for. */
  isTouched = false;

  /** What callers called the callee, when that is not its node's name. */
  readonly aliases: Map<string, number> = new Map();

  constructor(keepsSeconds: boolean) {
    this.starts = keepsSeconds ? new Tally() : undefined;
    this.ends = keepsSeconds ? new Tally() : undefined;
  }
}

/**
 * Adds a segment or a call to the figures as often as its trace stands for others, or takes it back (`count` is negative
 * then). Taking back needs a cell that keeps its seconds.
 */
export function record(cell: Cell, timed: Timed, count: number): void {
  const { startSeconds, endSeconds } = timed;
  const finished = !timed.inProgress && endSeconds !== undefined;
  cell.isTouched = true;
  cell.present += count;
  recordSeconds(cell, startSeconds, finished ? endSeconds : startSeconds, count);
  if (!finished) return;
  if (timed.fault) cell.fault += count;
  else if (timed.throttled) cell.throttle += count;
  else if (timed.error) cell.error += count;
  else cell.ok += count;
  cell.estimated += count - Math.sign(count);
  const micros = durationMicros(startSeconds, endSeconds);
  cell.totalMicros += count * micros;
  cell.durations.add(microsToMillis(micros), count);
}

/** Adds how often a name was used for the callee, or takes it back. */
export function recordAlias(cell: Cell, name: string, count: number): void {
  const sum = (cell.aliases.get(name) ?? 0) + count;
  if (sum === 0) cell.aliases.delete(name);
  else cell.aliases.set(name, sum);
}

/** Adds how long the work had waited that a link stands for, or takes it back. */
export function recordAge(cell: Cell, seconds: number, count: number): void {
  cell.ages ??= new Tally();
  cell.ages.add(microsToMillis(durationMicros(0, seconds)), count);
}

/** Adds all figures of one cell to another. */
export function addCell(from: Cell, into: Cell): void {
  into.present += from.present;
  into.inferred += from.inferred;
  into.roots += from.roots;
  into.awaiting += from.awaiting;
  into.ok += from.ok;
  into.error += from.error;
  into.throttle += from.throttle;
  into.fault += from.fault;
  into.estimated += from.estimated;
  into.totalMicros += from.totalMicros;
  into.durations.addAll(from.durations);
  if (from.ages !== undefined) {
    into.ages ??= new Tally();
    into.ages.addAll(from.ages);
  }
  into.firstStart = Math.min(into.firstStart, from.firstStart);
  into.lastEnd = Math.max(into.lastEnd, from.lastEnd);
  if (from.starts !== undefined) into.starts?.addAll(from.starts);
  if (from.ends !== undefined) into.ends?.addAll(from.ends);
  for (const [name, count] of from.aliases) recordAlias(into, name, count);
}

/** The sum of cells, without their seconds; a single one is answered as it is. */
export function sumCells(cells: readonly Cell[]): Cell {
  if (cells.length === 1) return cells[0]!;
  const sum = new Cell(false);
  for (const cell of cells) addCell(cell, sum);
  return sum;
}

function recordSeconds(cell: Cell, startSeconds: number, endSeconds: number, count: number): void {
  const start = Math.max(0, Math.floor(startSeconds));
  const end = Math.max(start, Math.floor(endSeconds));
  cell.starts?.add(start, count);
  cell.ends?.add(end, count);
  if (count > 0) {
    if (start < cell.firstStart) cell.firstStart = start;
    if (end > cell.lastEnd) cell.lastEnd = end;
    return;
  }
  if (start === cell.firstStart) cell.firstStart = cell.starts?.least() ?? start;
  if (end === cell.lastEnd) cell.lastEnd = cell.ends?.greatest() ?? end;
}
