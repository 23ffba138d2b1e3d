import { isThrottlingCode } from "../../xray/throttling-code.ts";

/** True for an error of the AWS SDK that says that a call was throttled. */
export function isThrottling(error: unknown): boolean {
  const { name, $metadata, $retryable } = error as {
    name?: string;
    $metadata?: { httpStatusCode?: number };
    $retryable?: { throttling?: boolean };
  };
  return $metadata?.httpStatusCode === 429 || isThrottlingCode(name ?? "") || $retryable?.throttling === true;
}
