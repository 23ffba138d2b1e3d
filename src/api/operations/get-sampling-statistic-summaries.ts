import { type Operation, operation } from "../operation.ts";
import { pageOf } from "../paging.ts";
import { object, optional, text } from "../validate.ts";

const request = object({ NextToken: optional(text()) });

/** What all samplers did, by rule and ten seconds, for the last half hour. */
export const getSamplingStatisticSummaries: Operation<"targets" | "now"> = operation({
  name: "GetSamplingStatisticSummaries",
  path: "/SamplingStatisticSummaries",
  access: "read",
  request,
  async run(members, { targets, now }) {
    const statistics = await targets.statistics(now() / 1000);
    const { items, next } = pageOf("GetSamplingStatisticSummaries", statistics, members, 1_000);
    return {
      SamplingStatisticSummaries: items.map((each) => ({
        RuleName: each.ruleName,
        Timestamp: each.startSeconds,
        RequestCount: each.requestCount,
        BorrowCount: each.borrowCount,
        SampledCount: each.sampledCount,
      })),
      ...next,
    };
  },
});
