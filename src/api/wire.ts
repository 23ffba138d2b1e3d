/**
 * The X-Ray service API as it stands on the wire: AWS's member names and shapes, types only, so that console and CLI can
 * share it. Times are epoch seconds. Members without `?` are always sent, because some client reads them unguarded.
 */

import type { TailFigures } from "../tail-sampling/tail-figures.ts";
import type { Segment } from "../trace/segment.ts";
import type { NodeId } from "../trace/trace.ts";

// ---- sending ----

export interface PutTraceSegmentsRequest {
  readonly TraceSegmentDocuments: readonly string[];
}

export interface PutTraceSegmentsResponse {
  readonly UnprocessedTraceSegments: readonly UnprocessedTraceSegment[];
}

export interface UnprocessedTraceSegment {
  /** Left out when the document's id could not be read. */
  readonly Id?: string;
  readonly ErrorCode: string;
  readonly Message: string;
}

export interface PutTelemetryRecordsRequest {
  readonly TelemetryRecords: readonly TelemetryRecord[];
  readonly EC2InstanceId?: string;
  readonly Hostname?: string;
  readonly ResourceARN?: string;
}

interface TelemetryRecord {
  readonly Timestamp: number;
  readonly SegmentsReceivedCount?: number;
  readonly SegmentsSentCount?: number;
  readonly SegmentsSpilloverCount?: number;
  readonly SegmentsRejectedCount?: number;
  readonly BackendConnectionErrors?: Readonly<Record<string, number>>;
}

// ---- traces ----

export interface BatchGetTracesRequest {
  readonly TraceIds: readonly string[];
  readonly NextToken?: string;
}

export interface BatchGetTracesResponse {
  readonly Traces: readonly WireTrace[];
  readonly UnprocessedTraceIds: readonly string[];
  readonly NextToken?: string;
}

export interface WireTrace {
  readonly Id: string;
  /** Seconds, 3 decimals. */
  readonly Duration: number;
  readonly LimitExceeded: boolean;
  readonly Segments: readonly WireSegment[];
}

interface WireSegment {
  readonly Id: string;
  /** The segment document, JSON in a string. */
  readonly Document: string;
}

type TimeRangeType = "TraceId" | "Event" | "Service";

export interface GetTraceSummariesRequest {
  readonly StartTime: number;
  readonly EndTime: number;
  readonly TimeRangeType?: TimeRangeType;
  readonly Sampling?: boolean;
  readonly SamplingStrategy?: { readonly Name?: "PartialScan" | "FixedRate"; readonly Value?: number };
  readonly FilterExpression?: string;
  readonly NextToken?: string;
  /** Ours: summaries with members that X-Ray has not. */
  readonly OwnMembers?: boolean;
}

export interface GetTraceSummariesResponse {
  readonly TraceSummaries: readonly WireTraceSummary[];
  /** Start of the oldest trace on this page. */
  readonly ApproximateTime?: number;
  readonly TracesProcessedCount: number;
  readonly NextToken?: string;
}

export interface WireTraceSummary {
  readonly Id: string;
  readonly StartTime: number;
  readonly Duration: number;
  /** Absent while the entry segment is in progress. */
  readonly ResponseTime?: number;
  readonly HasFault: boolean;
  readonly HasError: boolean;
  readonly HasThrottle: boolean;
  readonly IsPartial: boolean;
  readonly Http: WireHttp;
  readonly Annotations: Readonly<Record<string, readonly ValueWithServiceIds[]>>;
  readonly Users: readonly { readonly UserName: string; readonly ServiceIds: readonly ServiceId[] }[];
  readonly ServiceIds: readonly ServiceId[];
  readonly EntryPoint?: ServiceId;
  readonly ResourceARNs: readonly { readonly ARN: string }[];
  readonly InstanceIds: readonly { readonly Id: string }[];
  readonly AvailabilityZones: readonly { readonly Name: string }[];
  readonly FaultRootCauses: readonly WireRootCause[];
  readonly ErrorRootCauses: readonly WireRootCause[];
  readonly ResponseTimeRootCauses: readonly WireRootCause[];
  /** Grows by 1 whenever later documents change the trace. */
  readonly Revision: number;
  /** With `TimeRangeType` Event. */
  readonly MatchedEventTime?: number;
  /** Ours, with `OwnMembers`, as the next: segments that were sent. */
  readonly SegmentCount?: number;
  /** Ours: the most calls that one segment made to one node, where these are two or more. */
  readonly RepeatedCalls?: number;
  /** Ours: how many traces it stands for, itself included, where these are two or more. */
  readonly Weight?: number;
}

export interface WireHttp {
  readonly HttpURL?: string;
  readonly HttpStatus?: number;
  readonly HttpMethod?: string;
  readonly UserAgent?: string;
  readonly ClientIp?: string;
}

/** Identity of a node. `Type` is left out for a service without an origin (root causes write `""`). */
export interface ServiceId {
  readonly Name: string;
  readonly Names: readonly string[];
  readonly Type?: string;
  readonly AccountId?: string;
}

interface ValueWithServiceIds {
  readonly AnnotationValue: AnnotationValue;
  readonly ServiceIds: readonly ServiceId[];
}

/** Exactly one member is present. */
export interface AnnotationValue {
  readonly StringValue?: string;
  readonly NumberValue?: number;
  readonly BooleanValue?: boolean;
}

export interface WireRootCause {
  readonly ClientImpacting: boolean;
  readonly Services: readonly WireRootCauseService[];
}

export interface WireRootCauseService {
  readonly Name: string;
  readonly Names: readonly string[];
  readonly Type: string;
  readonly AccountId?: string;
  readonly Inferred: boolean;
  readonly EntityPath: readonly WireRootCauseEntity[];
}

export interface WireRootCauseEntity {
  readonly Name: string;
  readonly Remote: boolean;
  /** Response time causes only. */
  readonly Coverage?: number;
  /** Fault and error causes only. */
  readonly Exceptions?: readonly { readonly Name: string; readonly Message: string }[];
}

// ---- graphs ----

export interface GetServiceGraphRequest {
  readonly StartTime: number;
  readonly EndTime: number;
  readonly GroupName?: string;
  readonly GroupARN?: string;
  readonly NextToken?: string;
  /** Ours, not AWS's: the graph of the matching traces only. */
  readonly FilterExpression?: string;
}

export interface GetServiceGraphResponse {
  readonly StartTime: number;
  readonly EndTime: number;
  readonly Services: readonly WireService[];
  readonly ContainsOldGroupVersions: boolean;
  readonly NextToken?: string;
  /** Ours: true when more traces match than were looked at, as X-Ray's API elsewhere lets us look at few. */
  readonly IsPartial?: boolean;
  /** Ours: true on the last line of an `application/x-ndjson` answer. */
  readonly Final?: boolean;
}

export interface GetTraceGraphRequest {
  readonly TraceIds: readonly string[];
  readonly NextToken?: string;
}

export interface GetTraceGraphResponse {
  readonly Services: readonly WireService[];
  readonly NextToken?: string;
}

export interface WireService {
  readonly ReferenceId: number;
  readonly Name: string;
  readonly Names: readonly string[];
  /** Only on entry nodes. */
  readonly Root?: true;
  readonly AccountId?: string;
  readonly Type?: string;
  readonly State: "active" | "unknown";
  readonly StartTime: number;
  readonly EndTime: number;
  readonly Edges: readonly WireEdge[];
  /** These three are left out on `client` nodes. */
  readonly SummaryStatistics?: WireStatistics;
  readonly DurationHistogram?: readonly WireHistogramEntry[];
  readonly ResponseTimeHistogram?: readonly WireHistogramEntry[];
  /** Ours, where services are told apart further (`/api/map/split`): the operation or the environment. */
  readonly Part?: string;
}

export interface WireEdge {
  /** Of the target. */
  readonly ReferenceId: number;
  /** Absent for calls; `link` where work refers to the work that caused it, as a consumer does to its producer. */
  readonly EdgeType?: "link";
  readonly StartTime: number;
  readonly EndTime: number;
  readonly SummaryStatistics: WireStatistics;
  /** Empty for links. */
  readonly ResponseTimeHistogram: readonly WireHistogramEntry[];
  /** Of links, where it is known: how long the work had waited. */
  readonly ReceivedEventAgeHistogram?: readonly WireHistogramEntry[];
  /** What callers called the target, where that is not its name. */
  readonly Aliases: readonly WireAlias[];
}

interface WireAlias {
  readonly Name: string;
  readonly Names: readonly string[];
  readonly Type?: string;
}

export interface WireStatistics {
  readonly OkCount: number;
  readonly ErrorStatistics: {
    readonly ThrottleCount: number;
    readonly OtherCount: number;
    readonly TotalCount: number;
  };
  readonly FaultStatistics: { readonly OtherCount: number; readonly TotalCount: number };
  readonly TotalCount: number;
  /** Seconds. */
  readonly TotalResponseTime: number;
  /** Ours, with tail sampling: of `TotalCount`, those that were not kept. All figures are estimates then. */
  readonly EstimatedCount?: number;
}

export interface WireHistogramEntry {
  /** Seconds. */
  readonly Value: number;
  readonly Count: number;
}

export interface GetTimeSeriesServiceStatisticsRequest {
  readonly StartTime: number;
  readonly EndTime: number;
  readonly GroupName?: string;
  readonly GroupARN?: string;
  readonly EntitySelectorExpression?: string;
  /** Seconds, 60 by default. */
  readonly Period?: number;
  readonly ForecastStatistics?: boolean;
  readonly NextToken?: string;
  /** Ours, not AWS's: statistics of the matching traces only. */
  readonly FilterExpression?: string;
}

export interface GetTimeSeriesServiceStatisticsResponse {
  readonly TimeSeriesServiceStatistics: readonly WireTimeSeriesPoint[];
  readonly ContainsOldGroupVersions: boolean;
  readonly NextToken?: string;
}

export interface WireTimeSeriesPoint {
  readonly Timestamp: number;
  /** One of the two, by the selector. */
  readonly EdgeSummaryStatistics?: WireStatistics;
  readonly ServiceSummaryStatistics?: WireStatistics;
  /** With `ForecastStatistics`: between which counts of faults the period was expected to stay. */
  readonly ServiceForecastStatistics?: { readonly FaultCountHigh: number; readonly FaultCountLow: number };
  readonly ResponseTimeHistogram: readonly WireHistogramEntry[];
}

// ---- groups and sampling ----

export interface GetGroupsResponse {
  readonly Groups: readonly WireGroup[];
  readonly NextToken?: string;
}

export interface WireGroup {
  readonly GroupName: string;
  readonly GroupARN: string;
  readonly FilterExpression?: string;
  readonly InsightsConfiguration: { readonly InsightsEnabled: boolean; readonly NotificationsEnabled: boolean };
}

export interface GetSamplingRulesResponse {
  readonly SamplingRuleRecords: readonly WireSamplingRuleRecord[];
  readonly NextToken?: string;
}

export interface WireSamplingRuleRecord {
  readonly SamplingRule: WireSamplingRule;
  readonly CreatedAt: number;
  readonly ModifiedAt: number;
}

interface WireSamplingRule {
  readonly RuleName: string;
  readonly RuleARN: string;
  readonly ResourceARN: string;
  readonly Priority: number;
  readonly FixedRate: number;
  readonly ReservoirSize: number;
  readonly ServiceName: string;
  readonly ServiceType: string;
  readonly Host: string;
  readonly HTTPMethod: string;
  readonly URLPath: string;
  readonly Version: number;
  readonly Attributes: Readonly<Record<string, string>>;
  readonly SamplingRateBoost?: { readonly MaxRate: number; readonly CooldownWindowMinutes: number };
}

export interface GetSamplingTargetsRequest {
  readonly SamplingStatisticsDocuments: readonly WireSamplingStatistics[];
  readonly SamplingBoostStatisticsDocuments?: readonly { readonly RuleName: string }[];
}

interface WireSamplingStatistics {
  readonly RuleName: string;
  readonly ClientID: string;
  readonly Timestamp: number;
  readonly RequestCount: number;
  readonly SampledCount: number;
  readonly BorrowCount?: number;
}

export interface GetSamplingTargetsResponse {
  readonly SamplingTargetDocuments: readonly WireSamplingTarget[];
  readonly LastRuleModification: number;
  readonly UnprocessedStatistics: readonly WireUnprocessedStatistics[];
  readonly UnprocessedBoostStatistics?: readonly WireUnprocessedStatistics[];
}

interface WireUnprocessedStatistics {
  readonly RuleName: string;
  readonly ErrorCode: string;
  readonly Message: string;
}

interface WireSamplingTarget {
  readonly RuleName: string;
  readonly FixedRate: number;
  readonly ReservoirQuota?: number;
  /** Epoch seconds; milliseconds for clients that send no User-Agent, since one of them reads it as these. */
  readonly ReservoirQuotaTTL?: number;
  readonly Interval: number;
}

// ---- errors ----

/** The code is in the header `x-amzn-errortype`. */
export interface WireError {
  readonly Message: string;
  /** What was not found, or has too many tags. */
  readonly ResourceName?: string;
  /** Ours, on a filter expression that cannot be read: 0-based offset of the offending character. */
  readonly Position?: number;
  readonly Expected?: readonly string[];
}

// ---- beside AWS's API ----

/** `GET /api/status`. */
export interface Status {
  readonly version: string;
  readonly uptimeSeconds: number;
  /** Those of OpenTelemetry are absent where their port was taken. */
  readonly addresses: {
    readonly udp: string;
    readonly http: string;
    readonly otlpHttp?: string;
    readonly otlpGrpc?: string;
  };
  readonly counters: Counters;
  readonly store: {
    readonly segments: number;
    readonly traces: number;
    readonly bytes: number;
    readonly oldestSeconds?: number;
    readonly newestSeconds?: number;
    /** Why it cannot be used at present; the figures are those before. */
    readonly trouble?: string;
  };
  readonly readOnly: boolean;
  readonly receiver: ReceiverStatus;
  readonly otlp: OtlpStatus;
  /** With `--upstream`. */
  readonly upstream?: UpstreamStatus;
  /** With `--keep` or `--keep-rest`. */
  readonly tailSampling?: TailFigures;
}

/** What came in from OpenTelemetry's exporters, since the start. */
interface OtlpStatus {
  /** Requests by what became of them. */
  readonly requests: {
    readonly taken: number;
    /** Not understood. */
    readonly undecodable: number;
    /** Told to come again: there was no room, or the store could not be written. */
    readonly full: number;
    readonly failed: number;
  };
  /** In the requests that were taken. */
  readonly spans: number;
  /** Of these, left out: see `/api/problems`. */
  readonly rejectedSpans: number;
}

/**
 * What became of the documents that were to be sent on, since the start:
 * `put = sent + unprocessed + dropped + waiting + spilled`.
 */
export interface UpstreamStatus {
  /** `aws eu-central-1`, or a URL. */
  readonly name: string;
  /** With `--no-store`: traces, map and figures shown here are the other side's. */
  readonly remote: boolean;
  /** Why documents do not get out, as a sentence; absent while they do. */
  readonly trouble?: string;
  readonly put: number;
  readonly sent: number;
  /** Not taken by the other side: see `/api/problems`. */
  readonly unprocessed: number;
  /** Given up by our own limits. */
  readonly dropped: number;
  /** In memory. */
  readonly waiting: number;
  /** On disk. */
  readonly spilled: number;
}

interface ReceiverStatus {
  /** Longest time the receiving loop stood still in the last minute or two. */
  readonly maxStallMs: number;
  /** Datagrams that the system threw away before they could be read, where it tells. */
  readonly lostBySystem?: number;
  readonly socketBufferBytes: number;
}

/**
 * In documents, since the start, also the data of the `stats` event.
 * `received = accepted + refused` and `accepted = stored + dropped + waiting`.
 */
export interface Counters {
  readonly received: number;
  /** Not (or not yet) found wrong. */
  readonly accepted: number;
  /** Not understood: see `/api/problems`. */
  readonly refused: number;
  /** Turned away by a full queue or a failing store. */
  readonly dropped: number;
  /** In the queue or being written. */
  readonly waiting: number;
  /** On disk. */
  readonly stored: number;
}

/** `GET /api/problems`, newest first. */
export interface Problems {
  readonly problems: readonly KeptProblem[];
  readonly counts: Readonly<Record<string, number>>;
}

export interface KeptProblem {
  readonly atSeconds: number;
  /** `udp`, `http`, … */
  readonly source: string;
  readonly code: string;
  readonly path: string;
  readonly message: string;
  readonly segmentId?: string;
  /** The first 2 KB of what was refused. */
  readonly document: string;
}

/** `GET /api/traces/<id>/documents`. */
export interface TraceDocuments {
  readonly id: string;
  readonly revision: number;
  /** As they came, superseded versions left out. */
  readonly documents: readonly string[];
}

/** `GET /api/traces/<id>/segments/<segment id>`: all that is known of a segment or subsegment. */
export interface TraceSegmentDetails {
  /** Of the trace. */
  readonly revision: number;
  /** Without what is below it. */
  readonly segment: Segment;
  readonly kind: "segment" | "subsegment";
  /** Whose work it is. */
  readonly service: string;
  /** The callee of a call that only its caller tells of. */
  readonly inferred?: NodeId;
  /** As it was sent, without what is below it. */
  readonly document?: Readonly<Record<string, unknown>>;
}

/** `GET /api/traces/<id>/search?text=…`: the rows of the skeleton of that revision in which the text stands. */
export interface TraceSearchResult {
  readonly revision: number;
  readonly rows: readonly number[];
}

/** Data of the `map` event: what changed, so that a client knows what to ask for again. */
export interface MapChange {
  /** Epoch minutes touched. */
  readonly minutes: readonly number[];
  readonly nodes: readonly { readonly name: string; readonly type?: string; readonly accountId?: string }[];
  readonly edges: readonly { readonly from: MapChange["nodes"][number]; readonly to: MapChange["nodes"][number] }[];
}
