import { causeExceptions } from "./cause-exceptions.ts";
import type { RootCause, RootCauseEntity, RootCauseService } from "./digest.ts";
import type { Exception, Segment } from "./segment.ts";
import type { Call, Trace, TraceSegment } from "./trace.ts";

/** Where the faults, the errors and the time of a trace come from: paths from the entry to the places. */
export interface RootCauses {
  readonly faultCauses: readonly RootCause[];
  readonly errorCauses: readonly RootCause[];
  readonly responseTimeCauses: readonly RootCause[];
}

/** More causes of one family than this are not told apart from each other by anyone. */
const MAX_CAUSES = 10;
/** Paths are followed this far, so that neither the stack nor a digest grows with the depth of a hostile trace. */
const MAX_PATH = 1000;

/** The root causes of a trace as it is known now; none while it has no entry. */
export function rootCauses(trace: Trace): RootCauses {
  if (trace.entry === undefined) return { faultCauses: [], errorCauses: [], responseTimeCauses: [] };
  const ways = { segments: trace.segments, calls: groupByCaller(trace.calls) };
  const isFlagged = trace.segments.some(isFlaggedWithin);
  return {
    faultCauses: isFlagged ? flagCauses(trace.entry, ways, (place) => place.fault) : [],
    errorCauses: isFlagged ? flagCauses(trace.entry, ways, (place) => place.error) : [],
    responseTimeCauses: responseTimeCauses(trace.entry, ways),
  };
}

/** How to get from a place to what it called. */
interface Ways {
  readonly segments: readonly TraceSegment[];
  readonly calls: ReadonlyMap<Segment, readonly Call[]>;
}

/** One place on a path: a segment or one of its subsegments. */
interface Step {
  readonly place: Segment;
  readonly segment: TraceSegment;
  readonly before: Step | undefined;
  readonly depth: number;
}

type Flag = (place: Segment) => boolean;

/** Goes down to every place that has the flag while nothing below it has. */
function flagCauses(entry: TraceSegment, ways: Ways, hasFlag: Flag): RootCause[] {
  const causes: RootCause[] = [];
  const visited = new Set<Segment>();

  /** Whether the flag was met at this step or below. */
  const descend = (step: Step): boolean => {
    if (causes.length === MAX_CAUSES) return true;
    visited.add(step.place);
    let isBelow = false;
    for (const next of stepsBelow(step, ways)) {
      if (!visited.has(next.place) && descend(next)) isBelow = true;
    }
    if (isBelow) return true;
    if (!hasFlag(step.place)) return false;
    if (causes.length < MAX_CAUSES) causes.push({ clientImpacting: hasFlag(entry), services: flagServices(step) });
    return true;
  };
  descend({ place: entry, segment: entry, before: undefined, depth: 1 });
  return causes;
}

/** Most traces have no flag anywhere: a look at each place is cheaper than going down the paths. */
function isFlaggedWithin(place: Segment): boolean {
  if (place.fault || place.error) return true;
  for (const subsegment of place.subsegments) if (isFlaggedWithin(subsegment)) return true;
  return false;
}

/** Follows the longest step down while it covers at least half of the one above. */
function responseTimeCauses(entry: TraceSegment, ways: Ways): RootCause[] {
  const total = durationOf(entry);
  if (total === undefined || total === 0) return [];
  const entryEnd = entry.endSeconds!;
  const visited = new Set<Segment>([entry]);
  let step: Step = { place: entry, segment: entry, before: undefined, depth: 1 };
  for (;;) {
    const half = (durationOf(step.place) ?? 0) / 2;
    let longest: Step | undefined;
    let longestDuration = -1;
    for (const next of stepsBelow(step, ways)) {
      const duration = durationOf(next.place);
      if (duration === undefined || duration < half || duration <= longestDuration) continue;
      if (next.place.startSeconds >= entryEnd || visited.has(next.place)) continue;
      longest = next;
      longestDuration = duration;
    }
    if (longest === undefined) break;
    visited.add(longest.place);
    step = longest;
  }
  return step.place === entry ? [] : [{ clientImpacting: true, services: timeServices(step, total) }];
}

/** A step into each embedded subsegment, then into each segment that the place called. */
function stepsBelow(step: Step, { segments, calls }: Ways): readonly Step[] {
  if (step.depth === MAX_PATH) return none;
  const called = calls.get(step.place);
  if (called === undefined && step.place.subsegments.length === 0) return none;
  const { segment } = step;
  const depth = step.depth + 1;
  const below = step.place.subsegments.map((place): Step => ({ place, segment, before: step, depth }));
  for (const { to } of called ?? noCalls) {
    const callee = segments[to]!;
    below.push({ place: callee, segment: callee, before: step, depth });
  }
  return below;
}

const none: readonly Step[] = [];
const noCalls: readonly Call[] = [];

function groupByCaller(calls: readonly Call[]): Map<Segment, Call[]> {
  const groups = new Map<Segment, Call[]>();
  for (const call of calls) {
    const group = groups.get(call.caller);
    if (group === undefined) groups.set(call.caller, [call]);
    else group.push(call);
  }
  return groups;
}

/** The last place tells its exceptions wherever they are recorded, those above only what is recorded with them. */
function flagServices(last: Step): RootCauseService[] {
  return servicesOf(last, (step) => {
    const exceptions = step === last ? causeExceptions(step.place) : (step.place.cause?.exceptions ?? []);
    return {
      name: step.place.name,
      remote: step.place.namespace !== undefined,
      exceptions: exceptions.map(nameAndMessage),
    };
  });
}

function nameAndMessage({ type = "", message = "" }: Exception): { name: string; message: string } {
  return { name: type, message };
}

function timeServices(last: Step, total: number): RootCauseService[] {
  return servicesOf(last, ({ place }) => ({
    name: place.name,
    remote: place.namespace !== undefined,
    coverage: Math.min(1, Math.round(((durationOf(place) ?? 0) / total) * 1000) / 1000),
    exceptions: [],
  }));
}

/** The path to a step, cut into services where it goes from one segment to another. */
function servicesOf(last: Step, entityOf: (step: Step) => RootCauseEntity): RootCauseService[] {
  const services: { node: RootCauseService["node"]; inferred: boolean; entities: RootCauseEntity[] }[] = [];
  const path: Step[] = [];
  for (let step: Step | undefined = last; step !== undefined; step = step.before) path.push(step);
  for (const step of path.reverse()) {
    if (step.place === step.segment) {
      services.push({ node: step.segment.node, inferred: step.segment.inferred, entities: [] });
    }
    services.at(-1)!.entities.push(entityOf(step));
  }
  return services;
}

function durationOf({ startSeconds, endSeconds }: Segment): number | undefined {
  return endSeconds === undefined ? undefined : endSeconds - startSeconds;
}
