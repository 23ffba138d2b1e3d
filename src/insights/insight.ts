import type { DocumentStore } from "../settings/document-store.ts";
import type { NodeId } from "../trace/trace.ts";

/** Faults of one cause, from when they left the expected band until they were back in it. Plain data. */
export interface Insight {
  /** A UUID. */
  readonly id: string;
  readonly groupName: string;
  readonly state: "ACTIVE" | "CLOSED";
  readonly startSeconds: number;
  /** Absent while active. */
  readonly endSeconds?: number;
  readonly updatedSeconds: number;
  /** The anomalous node farthest downstream. */
  readonly rootCause: NodeId;
  /** Most faults first; the root cause is among them. */
  readonly anomalous: readonly NodeId[];
  readonly summary: string;
  /** Of the requests that clients sent while it was active, where they can reach the root cause. */
  readonly clientImpact: Impact;
  readonly rootCauseImpact: Impact;
  readonly events: readonly InsightEvent[];
}

/** A notable change: opened, grown, moved, closed. */
export interface InsightEvent {
  readonly atSeconds: number;
  readonly summary: string;
  readonly anomalous: readonly NodeId[];
  readonly clientImpact: Impact;
  readonly rootCauseImpact: Impact;
}

/** Requests by how they ended. */
export interface Impact {
  readonly fault: number;
  readonly ok: number;
  readonly total: number;
}

/** Everything that is kept of insights. */
export interface InsightLog {
  /** Oldest first. */
  readonly insights: readonly Insight[];
  /** By group: the minute up to which it has been watched. */
  readonly watchedMinutes: Readonly<Record<string, number>>;
}

/** Where insights are kept. */
export type InsightStore = DocumentStore<InsightLog>;

/** Before anything was watched. */
export const noInsights: InsightLog = { insights: [], watchedMinutes: {} };

/** As long as AWS shows them. */
export const keptSeconds: number = 30 * 86_400;
