import { durationMicros, microsToMillis } from "../graph/duration.ts";
import type { DigestSegment, TraceDigest } from "../trace/digest.ts";
import type { AnnotationValue, Http } from "../trace/segment.ts";
import { acceptValue, misplaced, type Reader, type Readers } from "./readers.ts";
import type { NumberKeyword, TextKeyword } from "./tree.ts";

/** Outside of all blocks: mostly the entry segment, `user` and its like any segment. */
export const traceReaders: Readers<TraceDigest> = {
  flag(keyword) {
    switch (keyword) {
      case "ok":
        return (digest) => isOk(entryOf(digest));
      case "error":
        return (digest) => entryOf(digest)?.error ?? false;
      case "fault":
        return (digest) => entryOf(digest)?.fault ?? false;
      case "throttle":
        return (digest) => digest.segments.some((segment) => segment.throttle);
      case "partial":
        return (digest) => digest.isPartial;
      case "inferred":
        return (digest) => digest.segments.some((segment) => segment.inferred);
      case "root":
        return () => true;
      default:
        return misplaced(keyword);
    }
  },
  number(keyword) {
    switch (keyword) {
      case "duration":
        return (digest, _, accept) => accept(seconds(digest.startSeconds, digest.endSeconds));
      case "responsetime":
        return (digest, _, accept) => acceptDuration(entryOf(digest), accept);
      case "http.status":
        return (digest, _, accept) => acceptValue(entryOf(digest)?.http?.status, accept);
      case "any.http.status":
        return (digest, _, accept) => someHttp(digest, ({ status }) => acceptValue(status, accept));
      default:
        return misplaced(keyword);
    }
  },
  text(keyword) {
    const member = httpMember(keyword);
    if (member !== undefined) {
      if (keyword.startsWith("any.")) {
        return (digest, _, accept) => someHttp(digest, (http) => acceptValue(http[member], accept));
      }
      return (digest, _, accept) => acceptValue(entryOf(digest)?.http?.[member], accept);
    }
    const read = segmentText(keyword);
    return (digest, _, accept) => digest.segments.some((segment) => read(segment, accept));
  },
  annotation(key) {
    return (digest, _, accept) => {
      for (const segment of digest.segments) if (acceptAnnotation(segment, key, accept)) return true;
      return false;
    };
  },
};

/** In a service's block: one segment, with its own flags. */
export const segmentReaders: Readers<TraceDigest> = {
  flag(keyword) {
    switch (keyword) {
      case "ok":
        return ({ segments }, index) => isOk(segments[index]);
      case "error":
        return ({ segments }, index) => segments[index]!.error;
      case "fault":
        return ({ segments }, index) => segments[index]!.fault;
      case "throttle":
        return ({ segments }, index) => segments[index]!.throttled;
      case "partial":
        return ({ segments }, index) => segments[index]!.inProgress;
      case "inferred":
        return ({ segments }, index) => segments[index]!.inferred;
      case "root":
        return ({ segments }, index) => segments[index]!.isRoot;
      default:
        return misplaced(keyword);
    }
  },
  number: (keyword) => timedNumber(keyword, ({ segments }: TraceDigest, index) => segments[index]!),
  text(keyword) {
    const member = httpMember(keyword);
    if (member !== undefined) {
      return ({ segments }, index, accept) => acceptValue(segments[index]!.http?.[member], accept);
    }
    if (keyword === "name" || keyword === "type") {
      return ({ nodes, segments }, index, accept) => acceptValue(nodes[segments[index]!.node]![keyword], accept);
    }
    const read = segmentText(keyword);
    return ({ segments }, index, accept) => read(segments[index]!, accept);
  },
  annotation(key) {
    return ({ segments }, index, accept) => acceptAnnotation(segments[index]!, key, accept);
  },
};

/** In an edge's block: one call as its caller saw it. */
export const callReaders: Readers<TraceDigest> = {
  flag(keyword) {
    switch (keyword) {
      case "ok":
        return (digest, index) => isOk(callOf(digest, index));
      case "error":
        return (digest, index) => callOf(digest, index).error;
      case "fault":
        return (digest, index) => callOf(digest, index).fault;
      case "throttle":
        return (digest, index) => callOf(digest, index).throttled;
      case "partial":
        return (digest, index) => callOf(digest, index).inProgress;
      case "inferred":
        return (digest, index) => calleeOf(digest, index).inferred;
      case "root":
        return (digest, index) => calleeOf(digest, index).isRoot;
      default:
        return misplaced(keyword);
    }
  },
  number: (keyword) => timedNumber(keyword, callOf),
  text(keyword) {
    const member = httpMember(keyword);
    if (member !== undefined) {
      return (digest, index, accept) => acceptValue(callOf(digest, index).http?.[member], accept);
    }
    if (keyword !== "name" && keyword !== "type") return misplaced(keyword);
    return (digest, index, accept) => acceptValue(digest.nodes[calleeOf(digest, index).node]![keyword], accept);
  },
  annotation: misplaced,
};

/** The index that stands for the call from the client to the segment that is an entry point. */
export function clientCallOf(segment: number): number {
  return -1 - segment;
}

const httpMembers: ReadonlyMap<TextKeyword, "url" | "method" | "userAgent" | "clientIp"> = new Map([
  ["http.url", "url"],
  ["http.method", "method"],
  ["http.useragent", "userAgent"],
  ["http.clientip", "clientIp"],
  ["any.http.url", "url"],
  ["any.http.method", "method"],
  ["any.http.useragent", "userAgent"],
  ["any.http.clientip", "clientIp"],
]);

/** The member that a keyword of a request is about. */
export function httpMember(keyword: TextKeyword): "url" | "method" | "userAgent" | "clientIp" | undefined {
  return httpMembers.get(keyword);
}

interface Timed {
  readonly startSeconds: number;
  readonly endSeconds?: number;
  readonly inProgress: boolean;
  readonly http?: Http;
}

interface Answered extends Timed {
  readonly fault: boolean;
  readonly error: boolean;
  readonly throttled: boolean;
}

function entryOf(digest: TraceDigest): DigestSegment | undefined {
  return digest.entry === undefined ? undefined : digest.segments[digest.entry];
}

function callOf({ segments, calls }: TraceDigest, index: number): Answered {
  return index < 0 ? segments[-1 - index]! : calls[index]!;
}

function calleeOf({ segments, calls }: TraceDigest, index: number): DigestSegment {
  return segments[index < 0 ? -1 - index : calls[index]!.to]!;
}

/** Whether it has finished, and nothing went wrong. */
export function isOk(place: (Omit<Answered, keyof Timed> & Pick<Timed, "inProgress">) | undefined): boolean {
  return place !== undefined && !place.inProgress && !place.fault && !place.error && !place.throttled;
}

/** Times are compared as they are told: to the millisecond. */
export function seconds(startSeconds: number, endSeconds: number): number {
  return microsToMillis(durationMicros(startSeconds, endSeconds)) / 1000;
}

/** How long it took; nothing is known while it runs. */
export function responseSeconds(timed: Timed): number | undefined {
  if (timed.inProgress || timed.endSeconds === undefined) return undefined;
  return seconds(timed.startSeconds, timed.endSeconds);
}

function acceptDuration(timed: Timed | undefined, accept: (value: number) => boolean): boolean {
  return timed !== undefined && acceptValue(responseSeconds(timed), accept);
}

function acceptAnnotation(segment: DigestSegment, key: string, accept: (value: AnnotationValue) => boolean): boolean {
  for (const [known, value] of segment.annotations) if (known === key && accept(value)) return true;
  return false;
}

/** Segments and calls alike. */
function someHttp({ segments, calls }: TraceDigest, test: (http: Http) => boolean): boolean {
  for (const { http } of segments) if (http !== undefined && test(http)) return true;
  for (const { http } of calls) if (http !== undefined && test(http)) return true;
  return false;
}

/** The numbers that whatever has a beginning and an end may have. */
export function timedNumber<S>(
  keyword: NumberKeyword,
  timedOf: (subject: S, index: number) => Timed,
): Reader<S, number> {
  switch (keyword) {
    case "duration":
    case "responsetime":
      return (subject, index, accept) => acceptDuration(timedOf(subject, index), accept);
    case "http.status":
      return (subject, index, accept) => acceptValue(timedOf(subject, index).http?.status, accept);
    default:
      return misplaced(keyword);
  }
}

function segmentText(keyword: TextKeyword): (segment: DigestSegment, accept: (value: string) => boolean) => boolean {
  switch (keyword) {
    case "user":
      return (segment, accept) => acceptValue(segment.user, accept);
    case "availabilityzone":
      return (segment, accept) => acceptValue(segment.availabilityZone, accept);
    case "instance.id":
      return (segment, accept) => acceptValue(segment.instanceId, accept);
    case "resource.arn":
      return (segment, accept) => segment.resourceArns?.some(accept) ?? false;
    default:
      return misplaced(keyword);
  }
}
