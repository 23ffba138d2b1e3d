import type { RootCause, TraceDigest } from "./digest.ts";
import type { AnnotationValue, Http } from "./segment.ts";
import type { NodeId } from "./trace.ts";

/** A trace in one row, as `GetTraceSummaries` answers it before AWS's spelling. Times and durations have 3 decimals. */
export interface TraceSummary {
  readonly id: string;
  readonly revision: number;
  readonly startSeconds: number;
  /** From the first start to the last end, inferred segments included. */
  readonly durationSeconds: number;
  /** What the caller of the entry waited for; absent while the entry is in progress. */
  readonly responseTimeSeconds?: number;
  /** Of the entry segment. */
  readonly hasFault: boolean;
  readonly hasError: boolean;
  /** Of any segment or subsegment. */
  readonly hasThrottle: boolean;
  readonly isPartial: boolean;
  /** That were sent; what was inferred from calls is not counted. */
  readonly segmentCount: number;
  /** The most calls that one segment made to one node, from two on. */
  readonly repeatedCalls?: number;
  /** How many traces it stands for, itself included, where these are more than one. */
  readonly weight?: number;
  /** Of the entry segment; an empty object when it recorded none. */
  readonly http: Http;
  /** By key; has no prototype, since a key may be any word. */
  readonly annotations: Readonly<Record<string, readonly AnnotationSummary[]>>;
  readonly users: readonly UserSummary[];
  /** Every node of the trace, and the client in front of its entry. */
  readonly serviceIds: readonly ServiceId[];
  readonly entryPoint?: ServiceId;
  readonly resourceArns: readonly string[];
  readonly instanceIds: readonly string[];
  readonly availabilityZones: readonly string[];
  readonly faultRootCauses: readonly RootCause[];
  readonly errorRootCauses: readonly RootCause[];
  readonly responseTimeRootCauses: readonly RootCause[];
}

/** A node with all the names it goes by. */
interface ServiceId extends NodeId {
  readonly names: readonly string[];
}

/** One value of an annotation, and the services that set it. */
interface AnnotationSummary {
  readonly value: AnnotationValue;
  readonly serviceIds: readonly ServiceId[];
}

/** A user, and the services that named it. */
interface UserSummary {
  readonly name: string;
  readonly serviceIds: readonly ServiceId[];
}

/** The summary of a trace, read off its digest. */
export function summarise(digest: TraceDigest): TraceSummary {
  const { segments } = digest;
  const services = digest.nodes.map(asServiceId);
  const entry = digest.entry === undefined ? undefined : segments[digest.entry];
  const responseTime = entry?.endSeconds === undefined ? undefined : entry.endSeconds - entry.startSeconds;
  return {
    id: digest.id,
    revision: digest.revision,
    startSeconds: toMilliseconds(digest.startSeconds),
    durationSeconds: toMilliseconds(digest.endSeconds - digest.startSeconds),
    ...(responseTime !== undefined && { responseTimeSeconds: toMilliseconds(responseTime) }),
    hasFault: entry?.fault ?? false,
    hasError: entry?.error ?? false,
    hasThrottle: segments.some((segment) => segment.throttle),
    isPartial: digest.isPartial,
    segmentCount: segments.reduce((count, { inferred }) => count + Number(!inferred), 0),
    ...repeatedCallsOf(digest),
    ...(digest.weight !== undefined && { weight: digest.weight }),
    http: entry?.http ?? {},
    annotations: annotationsOf(digest, services),
    users: usersOf(digest, services),
    serviceIds: entry === undefined ? services : [clientOf(digest.nodes[entry.node]!), ...services],
    ...(entry !== undefined && { entryPoint: services[entry.node]! }),
    resourceArns: distinct(segments.flatMap((segment) => segment.resourceArns ?? [])),
    instanceIds: distinct(segments.map((segment) => segment.instanceId)),
    availabilityZones: distinct(segments.map((segment) => segment.availabilityZone)),
    faultRootCauses: digest.faultCauses,
    errorRootCauses: digest.errorCauses,
    responseTimeRootCauses: digest.responseTimeCauses,
  };
}

function asServiceId(node: NodeId): ServiceId {
  return { ...node, names: [node.name] };
}

/** Whoever called the entry: named like it, of type `client`, and of no account that we could know. */
function clientOf({ name }: NodeId): ServiceId {
  return { name, names: [name], type: "client" };
}

function repeatedCallsOf({ calls, segments }: TraceDigest): Pick<TraceSummary, "repeatedCalls"> {
  const counts = new Map<number, number>();
  let repeatedCalls = 1;
  for (const { from, to } of calls) {
    // One number for both: there are fewer nodes than segments.
    const pair = from * segments.length + segments[to]!.node;
    const count = (counts.get(pair) ?? 0) + 1;
    counts.set(pair, count);
    repeatedCalls = Math.max(repeatedCalls, count);
  }
  return repeatedCalls > 1 ? { repeatedCalls } : {};
}

/** Who said it: a list of services that grows while the trace is read. */
type Sayers = { readonly serviceIds: ServiceId[] };

function annotationsOf(digest: TraceDigest, services: readonly ServiceId[]): TraceSummary["annotations"] {
  const byKey: Record<string, (AnnotationSummary & Sayers)[]> = Object.create(null);
  for (const { node, annotations } of digest.segments) {
    for (const [key, value] of annotations) {
      byKey[key] ??= [];
      const known = byKey[key].find((each) => each.value === value);
      if (known === undefined) byKey[key].push({ value, serviceIds: [services[node]!] });
      else addOnce(known, services[node]!);
    }
  }
  return byKey;
}

function usersOf(digest: TraceDigest, services: readonly ServiceId[]): UserSummary[] {
  const byName = new Map<string, UserSummary & Sayers>();
  for (const { node, user } of digest.segments) {
    if (user === undefined) continue;
    const known = byName.get(user);
    if (known === undefined) byName.set(user, { name: user, serviceIds: [services[node]!] });
    else addOnce(known, services[node]!);
  }
  return [...byName.values()];
}

function addOnce({ serviceIds }: Sayers, service: ServiceId): void {
  if (!serviceIds.includes(service)) serviceIds.push(service);
}

function distinct(values: readonly (string | undefined)[]): string[] {
  return [...new Set(values.filter((value) => value !== undefined))];
}

function toMilliseconds(seconds: number): number {
  return Math.round(seconds * 1000) / 1000;
}
