import { statusCode } from "./span.ts";
import type { SpanReading } from "./span-reading.ts";
import { isThrottledByAws } from "./throttling-of-span.ts";

/** How a (sub)segment went wrong, where it did. */
export interface Flags {
  readonly fault: true | undefined;
  readonly error: true | undefined;
  readonly throttle: true | undefined;
}

/**
 * The segment's own flags where it had any; otherwise the HTTP status, before the span's, which knows no degrees. A call
 * of AWS that was throttled is the caller's error, whether or not a status says so.
 */
export function flagsOf(reading: SpanReading, httpStatus = 0, isAwsCall = false): Flags {
  const { span, attributes, isOurs } = reading;
  const own = {
    fault: attributes.isTrue("aws.xray.fault") || undefined,
    error: attributes.isTrue("aws.xray.error") || undefined,
    throttle: attributes.isTrue("aws.xray.throttle") || undefined,
  };
  if (isOurs || own.fault || own.error || own.throttle) return own;
  const isHttpFailure = httpStatus >= 400 && httpStatus < 600;
  const hasFailed = isHttpFailure || span.status?.code === statusCode.error;
  const isThrottled = httpStatus === 429 || (isAwsCall && hasFailed && isThrottledByAws(reading));
  const isError = isHttpFailure ? httpStatus < 500 : isThrottled;
  return {
    fault: (hasFailed && !isError) || undefined,
    error: isError || undefined,
    throttle: isThrottled || undefined,
  };
}
