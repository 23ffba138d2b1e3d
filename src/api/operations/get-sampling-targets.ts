import { reservoirTtlFor } from "../../sampling/targets.ts";
import { invalidRequest } from "../aws-errors.ts";
import { type Operation, operation } from "../operation.ts";
import { integer, list, object, optional, text, time } from "../validate.ts";
import type { GetSamplingTargetsRequest, GetSamplingTargetsResponse } from "../wire.ts";

const count = integer({ min: 0 });
const ruleName = text({ min: 1, max: 32 });

const request = object({
  SamplingStatisticsDocuments: list(
    object({
      RuleName: ruleName,
      ClientID: text({ min: 24, max: 24 }),
      Timestamp: time,
      RequestCount: count,
      SampledCount: count,
      BorrowCount: optional(count),
    }),
  ),
  SamplingBoostStatisticsDocuments: optional(
    list(
      object({
        RuleName: ruleName,
        ServiceName: text({ max: 64 }),
        Timestamp: time,
        AnomalyCount: count,
        TotalCount: count,
        SampledAnomalyCount: count,
      }),
      { max: 25 },
    ),
  ),
});

/** AWS takes so many, but SDKs send as many as they have rules. */
const strictDocuments = 25;

/** Hears what a client has sampled and answers its share until the next report. No rule is ever boosted here. */
export const getSamplingTargets: Operation<"settings" | "targets" | "config" | "now"> = operation({
  name: "GetSamplingTargets",
  path: "/SamplingTargets",
  access: "write",
  request,
  async run(
    { SamplingStatisticsDocuments, SamplingBoostStatisticsDocuments }: GetSamplingTargetsRequest,
    { settings, targets: sampling, config, now },
    { userAgent },
  ): Promise<GetSamplingTargetsResponse> {
    const { length } = SamplingStatisticsDocuments;
    if (config.strictLimits && length > strictDocuments) {
      throw invalidRequest(
        `SamplingStatisticsDocuments may have at most ${strictDocuments} members, and has ${length}.`,
      );
    }
    const { samplingRules, rulesModifiedSeconds } = await settings.read();
    const reports = SamplingStatisticsDocuments.map((document) => ({
      ruleName: document.RuleName,
      clientId: document.ClientID,
      timestampSeconds: document.Timestamp,
      requestCount: document.RequestCount,
      sampledCount: document.SampledCount,
      borrowCount: document.BorrowCount ?? 0,
    }));
    const rules = samplingRules.map(({ rule }) => rule);
    const { targets, unprocessed } = await sampling.answer(reports, rules, now() / 1000);
    return {
      SamplingTargetDocuments: targets.map((target) => ({
        RuleName: target.ruleName,
        FixedRate: target.fixedRate,
        ReservoirQuota: target.reservoirQuota,
        ReservoirQuotaTTL: reservoirTtlFor(userAgent, target.reservoirTtlSeconds),
        Interval: target.intervalSeconds,
      })),
      LastRuleModification: rulesModifiedSeconds,
      UnprocessedStatistics: unprocessed.map(({ ruleName, errorCode, message }) => ({
        RuleName: ruleName,
        ErrorCode: errorCode,
        Message: message,
      })),
      // X-Ray's SDK for Java is older than boosts, and refuses an answer with a member that it does not know.
      ...(SamplingBoostStatisticsDocuments !== undefined && {
        UnprocessedBoostStatistics: SamplingBoostStatisticsDocuments.filter(
          ({ RuleName }) => !rules.some(({ name }) => name === RuleName),
        ).map(({ RuleName }) => ({ RuleName, ErrorCode: "400", Message: "There is no such rule" })),
      }),
    };
  },
});
