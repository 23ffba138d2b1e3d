/** What AWS's services call it when they turn a call away because there are too many. */
const codes: ReadonlySet<string> = new Set([
  "BandwidthLimitExceeded",
  "EC2ThrottledException",
  "LimitExceededException",
  "PriorRequestNotComplete",
  "ProvisionedThroughputExceededException",
  "RequestLimitExceeded",
  "RequestThrottled",
  "RequestThrottledException",
  "SlowDown",
  "ThrottledException",
  "Throttling",
  "ThrottlingException",
  "TooManyRequestsException",
  "TransactionInProgressException",
]);

/** True for an AWS error code that says that a call was throttled: the list of AWS's own SDKs. */
export function isThrottlingCode(code: string): boolean {
  return codes.has(code);
}
