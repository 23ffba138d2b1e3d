import type { Settings } from "../settings/settings.ts";

/** The one indexing rule in AWS's spelling. All traces are indexed here, whatever share is wished for. */
export function wireIndexingRule({ desiredPercent, modifiedSeconds }: Settings["indexing"]): object {
  return {
    Name: "Default",
    ModifiedAt: modifiedSeconds,
    Rule: { Probabilistic: { DesiredSamplingPercentage: desiredPercent, ActualSamplingPercentage: 100 } },
  };
}
