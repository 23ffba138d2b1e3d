import type { Segment } from "../trace/segment.ts";
import type { Trace } from "../trace/trace.ts";
import { acceptValue, misplaced, type Reader, type Readers } from "./readers.ts";
import { httpMember, isOk, timedNumber } from "./trace-readers.ts";

/** In a subsegment's block: that one, without what is below it. */
export const subsegmentReaders: Readers<Segment> = {
  flag(keyword) {
    switch (keyword) {
      case "ok":
        return (place) => isOk({ ...place, throttled: place.throttle });
      case "error":
        return ({ error }) => error;
      case "fault":
        return ({ fault }) => fault;
      case "throttle":
        return ({ throttle }) => throttle;
      case "partial":
        return ({ inProgress }) => inProgress;
      default:
        return misplaced(keyword);
    }
  },
  number: (keyword) => timedNumber(keyword, (place: Segment) => place),
  text(keyword) {
    const member = httpMember(keyword);
    if (member !== undefined) return ({ http }, _, accept) => acceptValue(http?.[member], accept);
    switch (keyword) {
      case "name":
      case "namespace":
        return (place, _, accept) => acceptValue(place[keyword], accept);
      case "sql.query":
        return ({ sql }, _, accept) => acceptValue(sql?.sanitizedQuery, accept);
      default:
        return misplaced(keyword);
    }
  },
  annotation(key) {
    return ({ annotations }, _, accept) =>
      annotations !== undefined && Object.hasOwn(annotations, key) && accept(annotations[key]!);
  },
};

/** A subsegment's own metadata. */
export function metadataOf(path: readonly string[]): Reader<Segment, unknown> {
  return ({ metadata }, _, accept) => acceptPath(metadata, path, 0, accept);
}

/** The metadata of a segment and of all that is below it. */
export function metadataBelow(
  path: readonly string[],
): (place: Segment, accept: (value: unknown) => boolean) => boolean {
  const read = metadataOf(path);
  return (place, accept) => read(place, 0, accept) || someBelow(place, (each) => read(each, 0, accept));
}

/** Whether a test holds for some subsegment of a segment, at any depth. */
export function someBelow(place: Segment, test: (subsegment: Segment) => boolean): boolean {
  return place.subsegments.some((subsegment) => test(subsegment) || someBelow(subsegment, test));
}

/** The same for a trace; a subsegment whose segment has not arrived is one of its own. */
export function someSubsegment({ segments, orphans }: Trace, test: (subsegment: Segment) => boolean): boolean {
  return (
    segments.some((segment) => someBelow(segment, test)) ||
    orphans.some((orphan) => test(orphan) || someBelow(orphan, test))
  );
}

/** Of a list each element is a value; a member's name may hold dots, and so be several parts of the path. */
function acceptPath(
  value: unknown,
  path: readonly string[],
  from: number,
  accept: (value: unknown) => boolean,
): boolean {
  if (Array.isArray(value)) {
    return value.some((element) => !Array.isArray(element) && acceptPath(element, path, from, accept));
  }
  if (value === undefined || value === null) return false;
  if (from === path.length) return accept(value);
  if (typeof value !== "object") return false;
  for (let to = from + 1; to <= path.length; to += 1) {
    const name = path.slice(from, to).join(".");
    if (!Object.hasOwn(value, name)) continue;
    if (acceptPath((value as Record<string, unknown>)[name], path, to, accept)) return true;
  }
  return false;
}
