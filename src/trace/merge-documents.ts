import { MAX_DEPTH } from "./read-segment.ts";
import type { Segment } from "./segment.ts";

/**
 * Whether a later document about the same (sub)segment takes the place of the one we have: a finished one always does,
 * one in progress only that of another in progress.
 */
function supersedes(later: Segment, kept: Segment): boolean {
  return !later.inProgress || kept.inProgress;
}

/**
 * One document for each segment and each subsegment sent alone, out of all that came in their order of arrival.
 * A repeated document changes nothing.
 */
export function keepNewest(arrived: readonly Segment[]): readonly Segment[] {
  if (arrived.length < 2) return arrived;
  const segments = new Map<string, Segment>();
  const subsegments = new Map<string, Segment>();
  for (const segment of arrived) {
    const kin = segment.isSubsegment ? subsegments : segments;
    const kept = kin.get(segment.id);
    if (kept === undefined || supersedes(segment, kept)) kin.set(segment.id, segment);
  }
  return segments.size + subsegments.size === arrived.length
    ? arrived
    : [...segments.values(), ...subsegments.values()];
}

/** Segments with the subsegments that were sent alone put in their places, and those whose place is not known yet. */
export interface MergedDocuments {
  /** By start time. */
  readonly segments: readonly Segment[];
  readonly orphans: readonly Segment[];
}

/**
 * Puts each subsegment that was sent alone under its parent: a segment or a subsegment at any depth, embedded or sent
 * alone itself. A subsegment that is also embedded is there once, with the children of both copies. The result does not
 * depend on the order of arrival.
 */
export function mergeDocuments(arrived: readonly Segment[]): MergedDocuments {
  const kept = keepNewest(arrived);
  const segments = kept.filter((each) => !each.isSubsegment);
  const streamed = kept.filter((each) => each.isSubsegment);
  if (streamed.length === 0) return { segments: segments.sort(byStart), orphans: [] };

  return placeStreamed(segments.sort(byStart), streamed.sort(byStart));
}

/** Start time, then id: an order that every reader of the same documents agrees on. */
function byStart(a: Segment, b: Segment): number {
  return a.startSeconds - b.startSeconds || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0);
}

function placeStreamed(segments: readonly Segment[], streamed: readonly Segment[]): MergedDocuments {
  const placing: Placing = {
    copies: new Map(streamed.map((each) => [each.id, each])),
    waiting: groupByParent(streamed),
    placed: new Set(),
  };
  const whole = segments.map((segment) => withChildren(segment, segment.subsegments, placing, 0));
  const isLost = (each: Segment): boolean => !placing.placed.has(each.id);
  // Lost ones whose parent is lost too belong under it; what then remains names each other as parents.
  const tops = streamed.filter((each) => isLost(each) && !placing.copies.has(each.parentId ?? ""));
  const orphans = place(tops, placing, 1);
  for (const each of streamed) if (isLost(each)) orphans.push(...place([each], placing, 1));
  return { segments: whole, orphans: orphans.sort(byStart) };
}

/** Segments or subsegments by the id of their parent; those without one are left out. */
export function groupByParent<Kind extends Segment>(segments: readonly Kind[]): Map<string, Kind[]> {
  const groups = new Map<string, Kind[]>();
  for (const segment of segments) {
    if (segment.parentId === undefined) continue;
    const group = groups.get(segment.parentId);
    if (group === undefined) groups.set(segment.parentId, [segment]);
    else group.push(segment);
  }
  return groups;
}

interface Placing {
  /** Subsegments that were sent alone, by their ids. */
  readonly copies: ReadonlyMap<string, Segment>;
  /** The same by the ids of their parents; what has been handed out is gone. */
  readonly waiting: Map<string, Segment[]>;
  /** Ids of all subsegments that have their place: no second copy, no going round in circles. */
  readonly placed: Set<string>;
}

/** The queue's subsegments with everything below them. Too deep in the tree, children stand beside their parents. */
function place(queue: Segment[], placing: Placing, depth: number): Segment[] {
  const placed: Segment[] = [];
  for (let i = 0; i < queue.length; i++) {
    const subsegment = queue[i]!;
    if (placing.placed.has(subsegment.id)) continue;
    placing.placed.add(subsegment.id);
    const copy = placing.copies.get(subsegment.id) ?? subsegment;
    const [newest, other] = supersedes(copy, subsegment) ? [copy, subsegment] : [subsegment, copy];
    const embedded = newest === other ? newest.subsegments : [...newest.subsegments, ...other.subsegments];
    if (depth < MAX_DEPTH) {
      placed.push(withChildren(newest, embedded, placing, depth));
    } else {
      for (const child of [...embedded, ...takeWaiting(subsegment.id, placing)]) queue.push(child);
      placed.push(newest.subsegments.length === 0 ? newest : { ...newest, subsegments: none });
    }
  }
  return placed;
}

function withChildren(parent: Segment, embedded: readonly Segment[], placing: Placing, depth: number): Segment {
  const late = takeWaiting(parent.id, placing);
  if (embedded.length + late.length === 0) return parent;
  const children = place([...embedded, ...late], placing, depth + 1);
  if (late.length > 0) children.sort(byStart);
  return isSame(children, parent.subsegments) ? parent : { ...parent, subsegments: children };
}

function takeWaiting(parentId: string, placing: Placing): readonly Segment[] {
  const late = placing.waiting.get(parentId);
  if (late === undefined) return none;
  placing.waiting.delete(parentId);
  return late;
}

const none: readonly Segment[] = [];

function isSame(children: readonly Segment[], before: readonly Segment[]): boolean {
  return children.length === before.length && children.every((child, i) => child === before[i]);
}
