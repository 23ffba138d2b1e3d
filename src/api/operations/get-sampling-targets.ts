import { reservoirTtlFor } from "../../sampling/targets.ts";
import { type Operation, operation } from "../operation.ts";
import { integer, list, object, optional, text, time } from "../validate.ts";
import type { GetSamplingTargetsRequest, GetSamplingTargetsResponse } from "../wire.ts";

const count = integer({ min: 0 });

/** AWS takes 25 documents at most, but SDKs send as many as they have rules. */
const request = object({
  SamplingStatisticsDocuments: list(
    object({
      RuleName: text({ min: 1, max: 32 }),
      ClientID: text({ min: 1, max: 24 }),
      Timestamp: time,
      RequestCount: count,
      SampledCount: count,
      BorrowCount: optional(count),
    }),
  ),
});

/** Hears what a client has sampled and answers its share until the next report. */
export const getSamplingTargets: Operation<"settings" | "targets" | "now"> = operation({
  name: "GetSamplingTargets",
  path: "/SamplingTargets",
  access: "write",
  request,
  async run(
    { SamplingStatisticsDocuments }: GetSamplingTargetsRequest,
    { settings, targets: sampling, now },
    { userAgent },
  ): Promise<GetSamplingTargetsResponse> {
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
    const { targets, unprocessed } = sampling.answer(reports, rules, now() / 1000);
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
      UnprocessedBoostStatistics: [],
    };
  },
});
