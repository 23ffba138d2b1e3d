import type { AwsChoices } from "../aws-choices.ts";
import { invalidRequest } from "./aws-errors.ts";

/** AWS's longest service graph. */
const strictGraphSeconds = 6 * 3_600;

/**
 * The range an operation asks about. boto3 and the AWS CLI cut times to whole seconds, so that a range which ends "now"
 * would miss what has just happened: such an end is moved past now.
 */
export function timeRange(
  request: { readonly StartTime: number; readonly EndTime: number },
  nowMs: number,
): { startSeconds: number; endSeconds: number } {
  const { StartTime, EndTime } = request;
  if (EndTime < StartTime) throw invalidRequest("EndTime must not be before StartTime.");
  const endsNow = Number.isInteger(EndTime) && Math.abs(nowMs / 1000 - EndTime) <= 2;
  return { startSeconds: StartTime, endSeconds: endsNow ? EndTime + 2 : EndTime };
}

/** Refuses a range that is longer than GetTraceSummaries may be asked about. */
export function checkSummaryRange(
  range: { startSeconds: number; endSeconds: number },
  longest: AwsChoices["summaryRange"],
): void {
  if (longest === "unlimited") return;
  const hours = Number.parseInt(longest, 10);
  if (range.endSeconds - range.startSeconds > hours * 3_600 + 2) {
    throw invalidRequest(`Time range cannot be longer than ${hours} hours.`);
  }
}

/** Refuses, in strict mode, what AWS's graph operations refuse. */
export function checkGraphRange(range: { startSeconds: number; endSeconds: number }, strictLimits: boolean): void {
  if (strictLimits && range.endSeconds - range.startSeconds > strictGraphSeconds + 2) {
    throw invalidRequest("Time range cannot be longer than 6 hours.");
  }
}
