import type { DigestCall, DigestSegment, TraceDigest } from "../../trace/digest.ts";

type Draft<T> = { -readonly [K in keyof T]: T[K] };

/** The same digest as plain data, decoded whole: what may cross to another thread and into callers' hands. */
export function plainDigest(view: TraceDigest): TraceDigest {
  const plain: Draft<TraceDigest> = {
    id: view.id,
    revision: view.revision,
    startSeconds: view.startSeconds,
    endSeconds: view.endSeconds,
    idSeconds: view.idSeconds,
    isPartial: view.isPartial,
    nodes: view.nodes,
    segments: view.segments.map(plainSegment),
    calls: view.calls.map(plainCall),
    faultCauses: view.faultCauses,
    errorCauses: view.errorCauses,
    responseTimeCauses: view.responseTimeCauses,
  };
  if (view.entry !== undefined) plain.entry = view.entry;
  if (view.weight !== undefined) plain.weight = view.weight;
  if (view.links !== undefined) plain.links = view.links;
  return plain;
}

function plainSegment(view: DigestSegment): DigestSegment {
  const plain: Draft<DigestSegment> = {
    node: view.node,
    startSeconds: view.startSeconds,
    inProgress: view.inProgress,
    inferred: view.inferred,
    isRoot: view.isRoot,
    awaitsCaller: view.awaitsCaller,
    fault: view.fault,
    error: view.error,
    throttle: view.throttle,
    throttled: view.throttled,
    annotations: view.annotations,
  };
  const { endSeconds, http, user, resourceArns, instanceId, availabilityZone } = view;
  if (endSeconds !== undefined) plain.endSeconds = endSeconds;
  if (http !== undefined) plain.http = http;
  if (user !== undefined) plain.user = user;
  if (resourceArns !== undefined) plain.resourceArns = resourceArns;
  if (instanceId !== undefined) plain.instanceId = instanceId;
  if (availabilityZone !== undefined) plain.availabilityZone = availabilityZone;
  return plain;
}

function plainCall(view: DigestCall): DigestCall {
  const plain: Draft<DigestCall> = {
    from: view.from,
    to: view.to,
    startSeconds: view.startSeconds,
    inProgress: view.inProgress,
    fault: view.fault,
    error: view.error,
    throttled: view.throttled,
  };
  const { alias, endSeconds, http } = view;
  if (alias !== undefined) plain.alias = alias;
  if (endSeconds !== undefined) plain.endSeconds = endSeconds;
  if (http !== undefined) plain.http = http;
  return plain;
}
