import { defaultRule, type SamplingRule } from "../sampling/rule.ts";
import type { DocumentStore } from "./document-store.ts";

/** Where settings are kept. */
export type SettingsStore = DocumentStore<Settings>;

/** All that people set up beside the configuration: small, kept as one document. Plain data, never changed in place. */
export interface Settings {
  /** `Default` among them, first. */
  readonly groups: readonly Group[];
  /** `Default` among them. */
  readonly samplingRules: readonly StoredRule[];
  /** Samplers that asked for the rules before this ask again. */
  readonly rulesModifiedSeconds: number;
  /** By ARN. */
  readonly tags: Readonly<Record<string, Readonly<Record<string, string>>>>;
  readonly resourcePolicies: readonly ResourcePolicy[];
  readonly encryption: { readonly type: "NONE" } | { readonly type: "KMS"; readonly keyId: string };
  readonly segmentDestination: "XRay" | "CloudWatchLogs";
  /** Jobs of `StartTraceRetrieval`, oldest first. */
  readonly retrievals: readonly Retrieval[];
  /** Limits of services, at most one entry each. Absent in documents of before there were any. */
  readonly alerts?: readonly Alert[];
  /** The one indexing rule, `Default`: the share of traces that is indexed, in percent. Told, and not acted on: all are. */
  readonly indexing: { readonly desiredPercent: number; readonly modifiedSeconds: number };
}

/** A filter expression with a name. */
export interface Group {
  readonly name: string;
  /** The last part of its ARN. */
  readonly id: string;
  /** Empty: all traces. */
  readonly filterExpression: string;
  readonly insightsEnabled: boolean;
  readonly notificationsEnabled: boolean;
}

/** Above which figures of a service somebody wants to be told. */
export interface Alert {
  readonly service: string;
  /** Share of its calls, 0 to 100. */
  readonly faultPercent?: number;
  readonly p95Seconds?: number;
}

export interface StoredRule {
  readonly rule: SamplingRule;
  readonly boost?: { readonly maxRate: number; readonly cooldownMinutes: number };
  readonly createdSeconds: number;
  readonly modifiedSeconds: number;
}

export interface ResourcePolicy {
  readonly name: string;
  /** JSON text. */
  readonly document: string;
  readonly revision: string;
  readonly updatedSeconds: number;
}

/** Traces that somebody asked for and comes back to fetch. */
export interface Retrieval {
  readonly token: string;
  readonly traceIds: readonly string[];
  readonly startSeconds: number;
  /** Inclusive. */
  readonly endSeconds: number;
  readonly createdSeconds: number;
  readonly isCancelled: boolean;
}

/** The group of all traces. It is always there. */
export const defaultGroup: Group = {
  name: "Default",
  id: "Default",
  filterExpression: "",
  insightsEnabled: false,
  notificationsEnabled: false,
};

/** What there is before anybody has set up anything. */
export const initialSettings: Settings = {
  groups: [defaultGroup],
  samplingRules: [{ rule: defaultRule, createdSeconds: 0, modifiedSeconds: 0 }],
  rulesModifiedSeconds: 0,
  tags: {},
  resourcePolicies: [],
  encryption: { type: "NONE" },
  segmentDestination: "XRay",
  retrievals: [],
  indexing: { desiredPercent: 100, modifiedSeconds: 0 },
};
