import { statusCode } from "./span.ts";
import type { SpanReading } from "./span-reading.ts";

/** How a (sub)segment went wrong, where it did. */
export interface Flags {
  readonly fault: true | undefined;
  readonly error: true | undefined;
  readonly throttle: true | undefined;
}

/** The segment's own flags where it had any; otherwise the HTTP status, before the span's, which knows no degrees. */
export function flagsOf({ span, attributes, isOurs }: SpanReading, httpStatus = 0): Flags {
  const own = {
    fault: attributes.isTrue("aws.xray.fault") || undefined,
    error: attributes.isTrue("aws.xray.error") || undefined,
    throttle: attributes.isTrue("aws.xray.throttle") || undefined,
  };
  if (isOurs || own.fault || own.error || own.throttle) return own;
  const isHttpFailure = httpStatus >= 400 && httpStatus < 600;
  const hasFailed = isHttpFailure ? httpStatus >= 500 : span.status?.code === statusCode.error;
  return {
    fault: hasFailed || undefined,
    error: (isHttpFailure && httpStatus < 500) || undefined,
    throttle: httpStatus === 429 || undefined,
  };
}
