import type { SamplingRule } from "../sampling/rule.ts";
import type { ReceivedTargets } from "../sampling/sampler.ts";

/** One page of `GetSamplingRules`. */
export interface RulesPage {
  readonly rules: readonly SamplingRule[];
  readonly nextToken?: string;
}

/** Reads an answer to `GetSamplingRules`. Rules without what is needed to follow them are left out, as SDKs do. */
export function readRulesPage(answer: unknown): RulesPage {
  const { SamplingRuleRecords: records, NextToken: nextToken } = fieldsOf(answer);
  const rules = listOf(records).flatMap((record) => readRule(fieldsOf(fieldsOf(record).SamplingRule)) ?? []);
  return { rules, ...(typeof nextToken === "string" && nextToken !== "" && { nextToken }) };
}

function readRule(rule: Fields): SamplingRule | undefined {
  const { RuleName: name, Priority: priority, FixedRate: fixedRate, ServiceType: serviceType } = rule;
  if (typeof name !== "string" || typeof priority !== "number" || typeof fixedRate !== "number") return undefined;
  if (typeof serviceType !== "string") return undefined;
  return {
    name,
    priority,
    fixedRate,
    serviceType,
    reservoirSize: numberOf(rule.ReservoirSize) ?? 0,
    serviceName: textOf(rule.ServiceName) ?? "*",
    host: textOf(rule.Host) ?? "*",
    httpMethod: textOf(rule.HTTPMethod) ?? "*",
    urlPath: textOf(rule.URLPath) ?? "*",
    resourceArn: textOf(rule.ResourceARN) ?? "*",
    attributes: Object.fromEntries(Object.entries(fieldsOf(rule.Attributes)).map(([key, value]) => [key, `${value}`])),
    version: numberOf(rule.Version) ?? 0,
  };
}

/** Reads an answer to `GetSamplingTargets` (the daemon's path is `/SamplingTargets`). */
export function readTargets(answer: unknown): ReceivedTargets {
  const { SamplingTargetDocuments: targets, LastRuleModification: modified, UnprocessedStatistics } = fieldsOf(answer);
  const lastRuleModificationSeconds = readSeconds(modified);
  return {
    targets: listOf(targets).flatMap((target) => readTarget(fieldsOf(target)) ?? []),
    unprocessed: listOf(UnprocessedStatistics).map((one) => ({
      ruleName: textOf(fieldsOf(one).RuleName) ?? "",
      errorCode: textOf(fieldsOf(one).ErrorCode) ?? "",
      message: textOf(fieldsOf(one).Message) ?? "",
    })),
    ...(lastRuleModificationSeconds !== undefined && { lastRuleModificationSeconds }),
  };
}

function readTarget(target: Fields): ReceivedTargets["targets"][number] | undefined {
  const ruleName = textOf(target.RuleName);
  if (ruleName === undefined) return undefined;
  const fixedRate = numberOf(target.FixedRate);
  const reservoirQuota = numberOf(target.ReservoirQuota);
  const reservoirTtlSeconds = readSeconds(target.ReservoirQuotaTTL);
  const intervalSeconds = numberOf(target.Interval);
  return {
    ruleName,
    ...(fixedRate !== undefined && { fixedRate }),
    ...(reservoirQuota !== undefined && { reservoirQuota }),
    ...(reservoirTtlSeconds !== undefined && { reservoirTtlSeconds }),
    ...(intervalSeconds !== undefined && { intervalSeconds }),
  };
}

/** Later than this in seconds is no date of ours: then the number counts milliseconds, as some servers answer. */
const lastSeconds = 1e11;

/** AWS answers epoch seconds; others milliseconds, or ISO 8601. */
function readSeconds(time: unknown): number | undefined {
  const number = typeof time === "string" ? Date.parse(time) : numberOf(time);
  if (number === undefined || Number.isNaN(number)) return undefined;
  return number > lastSeconds ? number / 1_000 : number;
}

type Fields = Readonly<Record<string, unknown>>;

function fieldsOf(value: unknown): Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Fields) : {};
}

const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);
const numberOf = (value: unknown): number | undefined => (typeof value === "number" ? value : undefined);
const textOf = (value: unknown): string | undefined => (typeof value === "string" ? value : undefined);
