import type { DigestCall, DigestSegment, TraceDigest } from "../../trace/digest.ts";
import type { DigestView } from "./digest-view.ts";

/** The same digest as plain data, decoded whole: what may cross to another thread and into callers' hands. */
export function plainDigest(view: DigestView): TraceDigest {
  const { id, revision, startSeconds, endSeconds, idSeconds, isPartial, nodes, entry } = view;
  const { faultCauses, errorCauses, responseTimeCauses } = view;
  return {
    ...{ id, revision, startSeconds, endSeconds, idSeconds, isPartial, nodes },
    segments: view.segments.map(plainSegment),
    calls: view.calls.map(plainCall),
    ...(entry === undefined ? {} : { entry }),
    ...{ faultCauses, errorCauses, responseTimeCauses },
  };
}

function plainSegment(segment: DigestSegment): DigestSegment {
  const { node, startSeconds, inProgress, inferred, isRoot, awaitsCaller, annotations } = segment;
  const { fault, error, throttle, throttled } = segment;
  const { endSeconds, http, user, resourceArns, instanceId, availabilityZone } = segment;
  return {
    ...{ node, startSeconds, inProgress, inferred, isRoot, awaitsCaller, fault, error, throttle, throttled },
    annotations,
    ...(endSeconds === undefined ? {} : { endSeconds }),
    ...(http === undefined ? {} : { http }),
    ...(user === undefined ? {} : { user }),
    ...(resourceArns === undefined ? {} : { resourceArns }),
    ...(instanceId === undefined ? {} : { instanceId }),
    ...(availabilityZone === undefined ? {} : { availabilityZone }),
  };
}

function plainCall(call: DigestCall): DigestCall {
  const { from, to, startSeconds, inProgress, fault, error, throttled, alias, endSeconds, http } = call;
  return {
    ...{ from, to, startSeconds, inProgress, fault, error, throttled },
    ...(alias === undefined ? {} : { alias }),
    ...(endSeconds === undefined ? {} : { endSeconds }),
    ...(http === undefined ? {} : { http }),
  };
}
