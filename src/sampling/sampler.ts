import type { UnprocessedReport } from "./answer-reports.ts";
import type { LocalRules } from "./local-rules.ts";
import { LocalSampler } from "./local-sampler.ts";
import { matchesRule, type SamplingRequest } from "./match-rule.ts";
import { Reservoir } from "./reservoir.ts";
import { defaultRule, inOrder, isForSdks, type SamplingRule } from "./rule.ts";
import type { SamplingReport } from "./statistics.ts";

/** Whether a request is recorded, and the central rule that said so (absent: the caller or local rules said it). */
export interface SamplingDecision {
  readonly isSampled: boolean;
  readonly ruleName?: string;
}

/** A target as clients receive it: older servers leave members out. */
interface ReceivedTarget {
  readonly ruleName: string;
  readonly fixedRate?: number;
  readonly reservoirQuota?: number;
  readonly reservoirTtlSeconds?: number;
  readonly intervalSeconds?: number;
}

export interface ReceivedTargets {
  readonly targets: readonly ReceivedTarget[];
  readonly unprocessed?: readonly UnprocessedReport[];
  readonly lastRuleModificationSeconds?: number;
}

export interface SamplerOptions {
  /** 24 hex digits, one value per process. */
  readonly clientId: string;
  /** Decide until rules arrive, and when none have arrived for an hour. */
  readonly localRules?: LocalRules;
}

const rulesLastSeconds = 3_600;
const defaultIntervalSeconds = 10;
/** The API takes no more in one call. */
const maxReportsPerCall = 25;

/** The client's side of sampling: decides by central rules, and reports what it did. State only: it calls nobody. */
export class Sampler {
  readonly #clientId: string;
  readonly #local: LocalSampler;
  #rules: readonly RuleState[] = [];
  #rulesFromSeconds = Number.NEGATIVE_INFINITY;

  constructor({ clientId, localRules }: SamplerOptions) {
    this.#clientId = clientId;
    this.#local = new LocalSampler(localRules);
  }

  /**
   * Decides about a request. `incoming` is the caller's own decision where its trace header has one; it stands, and is
   * not counted. `random` answers numbers from 0 to below 1.
   */
  decide(
    request: SamplingRequest,
    nowSeconds: number,
    random: () => number,
    incoming?: "1" | "0" | "?",
  ): SamplingDecision {
    if (incoming === "1" || incoming === "0") return { isSampled: incoming === "1" };
    const areFresh = nowSeconds - this.#rulesFromSeconds <= rulesLastSeconds;
    const state = areFresh ? this.#rules.find(({ rule }) => isFor(rule, request)) : undefined;
    if (state === undefined) return { isSampled: this.#local.decide(request, nowSeconds, random) };
    return { isSampled: state.decide(nowSeconds, random), ruleName: state.rule.name };
  }

  /** Takes the rules of a successful poll. A rule that stays keeps its counters and its quota. */
  applyRules(rules: readonly SamplingRule[], nowSeconds: number): void {
    const before = new Map(this.#rules.map((state) => [state.rule.name, state]));
    this.#rules = inOrder(rules.filter(isForSdks)).map(
      (rule) => before.get(rule.name)?.with(rule) ?? new RuleState(rule),
    );
    this.#rulesFromSeconds = nowSeconds;
  }

  /** Takes the answer to a report. True when the rules have changed since, so that they should be polled at once. */
  applyTargets({ targets, unprocessed = [], lastRuleModificationSeconds }: ReceivedTargets): boolean {
    for (const target of targets) this.#rules.find(({ rule }) => rule.name === target.ruleName)?.apply(target);
    if (unprocessed.some(({ errorCode }) => errorCode.startsWith("4"))) return true;
    // Whole seconds, as servers may cut the fraction; one poll too many is better than one too few.
    return (
      lastRuleModificationSeconds !== undefined && lastRuleModificationSeconds >= Math.floor(this.#rulesFromSeconds)
    );
  }

  /**
   * What is due to be reported, in as many calls as the API needs: each rule that was used since its last report, once
   * its interval is over. Its counters start again at zero.
   */
  report(nowSeconds: number): SamplingReport[][] {
    const due = this.#rules.filter((state) => state.isDue(nowSeconds));
    const reports = due.map((state) => state.snapshot(this.#clientId, nowSeconds));
    const calls: SamplingReport[][] = [];
    for (let at = 0; at < reports.length; at += maxReportsPerCall)
      calls.push(reports.slice(at, at + maxReportsPerCall));
    return calls;
  }
}

function isFor(rule: SamplingRule, request: SamplingRequest): boolean {
  return rule.name === defaultRule.name || matchesRule(rule, request);
}

/** A rule with its reservoir, its counters, and what the server last said about it. */
class RuleState {
  rule: SamplingRule;
  #fixedRate: number;
  readonly #reservoir = new Reservoir();
  #counts = { requestCount: 0, sampledCount: 0, borrowCount: 0 };
  #intervalSeconds = defaultIntervalSeconds;
  #reportedSeconds = Number.NEGATIVE_INFINITY;

  constructor(rule: SamplingRule) {
    this.rule = rule;
    this.#fixedRate = rule.fixedRate;
  }

  with(rule: SamplingRule): this {
    this.rule = rule;
    this.#fixedRate = rule.fixedRate;
    return this;
  }

  decide(nowSeconds: number, random: () => number): boolean {
    this.#counts.requestCount += 1;
    const taken = this.#reservoir.take(nowSeconds, this.rule.reservoirSize > 0);
    if (taken === "borrowed") this.#counts.borrowCount += 1;
    const isSampled = taken !== undefined || random() < this.#fixedRate;
    if (isSampled && taken !== "borrowed") this.#counts.sampledCount += 1;
    return isSampled;
  }

  apply(target: ReceivedTarget): void {
    this.#fixedRate = target.fixedRate ?? this.#fixedRate;
    // In whole rounds of ten seconds, as clients poll no faster.
    const rounds = Math.max(1, Math.round((target.intervalSeconds ?? this.#intervalSeconds) / defaultIntervalSeconds));
    this.#intervalSeconds = rounds * defaultIntervalSeconds;
    if (target.reservoirQuota === undefined || target.reservoirTtlSeconds === undefined) return;
    this.#reservoir.setQuota(target.reservoirQuota, target.reservoirTtlSeconds);
  }

  /** A timer may come a moment early. */
  isDue(nowSeconds: number): boolean {
    return this.#counts.requestCount > 0 && nowSeconds > this.#reportedSeconds + this.#intervalSeconds - 1;
  }

  snapshot(clientId: string, nowSeconds: number): SamplingReport {
    const report = { ruleName: this.rule.name, clientId, timestampSeconds: Math.floor(nowSeconds), ...this.#counts };
    this.#counts = { requestCount: 0, sampledCount: 0, borrowCount: 0 };
    this.#reportedSeconds = nowSeconds;
    return report;
  }
}
