import type { RootCause, RootCauseEntity, RootCauseService } from "../trace/digest.ts";
import type { AnnotationValue, Http } from "../trace/segment.ts";
import type { TraceSummary } from "../trace/summarise.ts";
import type {
  AnnotationValue as WireAnnotationValue,
  WireHttp,
  WireRootCause,
  WireRootCauseEntity,
  WireRootCauseService,
  WireTraceSummary,
} from "./wire.ts";
import { wireServiceId } from "./wire-graph.ts";

/** The same with members that X-Ray has not: for those who ask for them. */
export function ownSummary(summary: TraceSummary): WireTraceSummary {
  const { segmentCount, repeatedCalls, weight } = summary;
  return {
    ...wireSummary(summary),
    SegmentCount: segmentCount,
    ...(repeatedCalls !== undefined && { RepeatedCalls: repeatedCalls }),
    ...(weight !== undefined && { Weight: weight }),
  };
}

/** A trace summary in AWS's spelling. */
export function wireSummary(summary: TraceSummary): WireTraceSummary {
  const { responseTimeSeconds, entryPoint } = summary;
  return {
    Id: summary.id,
    StartTime: summary.startSeconds,
    Duration: summary.durationSeconds,
    ...(responseTimeSeconds !== undefined && { ResponseTime: responseTimeSeconds }),
    HasFault: summary.hasFault,
    HasError: summary.hasError,
    HasThrottle: summary.hasThrottle,
    IsPartial: summary.isPartial,
    Http: wireHttp(summary.http),
    Annotations: wireAnnotations(summary.annotations),
    Users: summary.users.map(({ name, serviceIds }) => ({ UserName: name, ServiceIds: serviceIds.map(wireServiceId) })),
    ServiceIds: summary.serviceIds.map(wireServiceId),
    ...(entryPoint !== undefined && { EntryPoint: wireServiceId(entryPoint) }),
    ResourceARNs: summary.resourceArns.map((ARN) => ({ ARN })),
    InstanceIds: summary.instanceIds.map((Id) => ({ Id })),
    AvailabilityZones: summary.availabilityZones.map((Name) => ({ Name })),
    FaultRootCauses: summary.faultRootCauses.map((cause) => wireRootCause(cause, withExceptions)),
    ErrorRootCauses: summary.errorRootCauses.map((cause) => wireRootCause(cause, withExceptions)),
    ResponseTimeRootCauses: summary.responseTimeRootCauses.map((cause) => wireRootCause(cause, withCoverage)),
    Revision: summary.revision,
  };
}

function wireHttp({ url, status, method, userAgent, clientIp }: Http): WireHttp {
  return {
    ...(url !== undefined && { HttpURL: url }),
    ...(status !== undefined && { HttpStatus: status }),
    ...(method !== undefined && { HttpMethod: method }),
    ...(userAgent !== undefined && { UserAgent: userAgent }),
    ...(clientIp !== undefined && { ClientIp: clientIp }),
  };
}

function wireAnnotations(annotations: TraceSummary["annotations"]): WireTraceSummary["Annotations"] {
  const entries = Object.entries(annotations).map(([key, values]) => [
    key,
    values.map(({ value, serviceIds }) => ({
      AnnotationValue: wireAnnotationValue(value),
      ServiceIds: serviceIds.map(wireServiceId),
    })),
  ]);
  return Object.fromEntries(entries);
}

function wireAnnotationValue(value: AnnotationValue): WireAnnotationValue {
  if (typeof value === "string") return { StringValue: value };
  return typeof value === "number" ? { NumberValue: value } : { BooleanValue: value };
}

type WriteEntity = (entity: RootCauseEntity) => WireRootCauseEntity;

const withExceptions: WriteEntity = ({ name, remote, exceptions }) => ({
  Name: name,
  Exceptions: exceptions.map((exception) => ({ Name: exception.name, Message: exception.message })),
  Remote: remote,
});

const withCoverage: WriteEntity = ({ name, remote, coverage }) => ({
  Name: name,
  ...(coverage !== undefined && { Coverage: coverage }),
  Remote: remote,
});

function wireRootCause({ clientImpacting, services }: RootCause, writeEntity: WriteEntity): WireRootCause {
  return {
    Services: services.map((service) => wireRootCauseService(service, writeEntity)),
    ClientImpacting: clientImpacting,
  };
}

function wireRootCauseService(service: RootCauseService, writeEntity: WriteEntity): WireRootCauseService {
  const { Type = "", ...id } = wireServiceId(service.node);
  return { ...id, Type, EntityPath: service.entities.map(writeEntity), Inferred: service.inferred };
}
