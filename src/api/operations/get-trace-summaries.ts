import { summarise } from "../../trace/summarise.ts";
import { filterOf } from "../groups.ts";
import { type Operation, operation } from "../operation.ts";
import { nextToken, readToken } from "../paging.ts";
import { checkSummaryRange, timeRange } from "../time-range.ts";
import { choice, flag, number, object, optional, text, time } from "../validate.ts";
import type { GetTraceSummariesRequest, GetTraceSummariesResponse } from "../wire.ts";
import { ownSummary, wireSummary } from "../wire-summary.ts";

const request = object({
  StartTime: time,
  EndTime: time,
  TimeRangeType: optional(choice("TraceId", "Event", "Service")),
  Sampling: optional(flag),
  SamplingStrategy: optional(
    object({ Name: optional(choice("PartialScan", "FixedRate")), Value: optional(number({ min: 0, max: 1 })) }),
  ),
  FilterExpression: optional(text({ max: 2_000 })),
  NextToken: optional(text()),
  OwnMembers: optional(flag),
});

/** Summaries of the traces that match, newest first. */
export const getTraceSummaries: Operation = operation({
  name: "GetTraceSummaries",
  path: "/TraceSummaries",
  access: "read",
  request,
  async run(members: GetTraceSummariesRequest, { store, settings, config, now }): Promise<GetTraceSummariesResponse> {
    const { TimeRangeType = "TraceId", FilterExpression, Sampling, SamplingStrategy, OwnMembers = false } = members;
    const isSampled = Sampling === true && SamplingStrategy?.Name === "FixedRate";
    const after = readToken("GetTraceSummaries", members);
    const range = timeRange(members, now());
    checkSummaryRange(range, config.awsChoices.summaryRange);
    const filter = await filterOf(
      { ...(FilterExpression !== undefined && { FilterExpression }) },
      { settings, config },
    );
    const page = await store.findTraces({
      ...range,
      rangeType: TimeRangeType,
      limit: Number(config.awsChoices.summaryPage),
      ...(filter && { filter }),
      ...(isSampled && { sampleRate: SamplingStrategy.Value ?? 1 }),
      ...(after !== undefined && { after }),
    });
    const summaries = page.digests.map((digest) => (OwnMembers ? ownSummary : wireSummary)(summarise(digest)));
    const oldest = page.digests.at(-1);
    return {
      TraceSummaries:
        TimeRangeType === "Event"
          ? summaries.map((summary) => ({ ...summary, MatchedEventTime: summary.StartTime }))
          : summaries,
      ...(oldest !== undefined && { ApproximateTime: oldest.startSeconds }),
      TracesProcessedCount: page.processed,
      ...(page.next !== undefined && { NextToken: nextToken("GetTraceSummaries", members, page.next) }),
    };
  },
});
