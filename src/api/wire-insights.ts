import type { ServiceId } from "./wire.ts";

/** `GetInsightSummaries` and `GetInsight`, as they stand on the wire. */
export interface WireInsight {
  readonly InsightId: string;
  readonly GroupName: string;
  readonly GroupARN: string;
  readonly RootCauseServiceId: ServiceId;
  readonly Categories: readonly string[];
  readonly State: "ACTIVE" | "CLOSED";
  readonly StartTime: number;
  /** Absent while active. */
  readonly EndTime?: number;
  readonly Summary: string;
  readonly ClientRequestImpactStatistics: WireImpact;
  readonly RootCauseServiceRequestImpactStatistics: WireImpact;
  readonly TopAnomalousServices: readonly { readonly ServiceId: ServiceId }[];
}

/** `GetInsightEvents`. */
export interface WireInsightEvent {
  readonly Summary: string;
  readonly EventTime: number;
  readonly ClientRequestImpactStatistics: WireImpact;
  readonly RootCauseServiceRequestImpactStatistics: WireImpact;
  readonly TopAnomalousServices: readonly { readonly ServiceId: ServiceId }[];
}

/** Requests by how they ended. */
export interface WireImpact {
  readonly FaultCount: number;
  readonly OkCount: number;
  readonly TotalCount: number;
}

/** `GetInsightImpactGraph`. */
export interface WireImpactGraph {
  readonly Services: readonly WireImpactService[];
}

export interface WireImpactService {
  readonly ReferenceId: number;
  readonly Name: string;
  readonly Type?: string;
  readonly AccountId?: string;
  readonly Edges: readonly { readonly ReferenceId: number }[];
}
