/**
 * A digest as bytes:
 *
 *   flags, id (16 bytes), start (a double)
 *   own time, unless it is the id's; end, revision, entry; weight, unless it is 1
 *   nodes, segments, calls                                  what the graph and most filters need
 *   section of attributes, section of annotations,          each after its length, so that a reader
 *   section of what the callers saw, section of causes,     passes over what its question does not need
 *   section of links, if there are any
 *
 * Times are ticks of 2^-22 s from the trace's start: that is how fine a double is between 2004 and 2038, so nothing is
 * rounded. A trace with a time outside those years, or whose times are further apart than 2^52 ticks, keeps doubles.
 *
 * Part of the file format: a change here is a new schema version.
 */
export const ticksPerSecond: number = 2 ** 22;

export const digestFlag = {
  isPartial: 1,
  hasEntry: 2,
  inTicks: 4,
  hasOwnTime: 8,
  hasLinks: 16,
  hasWeight: 32,
} as const;

export const segmentFlag = {
  inProgress: 1,
  inferred: 2,
  isRoot: 4,
  fault: 8,
  error: 16,
  throttle: 32,
  throttled: 64,
  hasEnd: 128,
} as const;

export const callFlag = { inProgress: 1, fault: 2, error: 4, throttled: 8, hasEnd: 16, hasAlias: 32 } as const;

export const attributeFlag = { http: 1, user: 2, resourceArns: 4, instanceId: 8, availabilityZone: 16 } as const;

export const httpFlag = {
  method: 1,
  url: 2,
  userAgent: 4,
  clientIp: 8,
  status: 16,
  contentLength: 32,
  hasForwardedFor: 64,
  forwardedFor: 128,
} as const;

export const valueKind = { text: 0, double: 1, whole: 2, no: 3, yes: 4 } as const;

export const causeFlag = { clientImpacting: 1, inferred: 1, remote: 1, hasCoverage: 2 } as const;

/** True when a double of epoch seconds is a whole number of ticks that fits the encoding. */
export const isWholeTicks = (seconds: number): boolean => seconds >= 2 ** 30 && seconds < 2 ** 31;
