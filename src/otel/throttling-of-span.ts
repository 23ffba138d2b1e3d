import { isThrottlingCode } from "../xray/throttling-code.ts";
import type { AttributeValue } from "./span.ts";
import type { SpanReading } from "./span-reading.ts";

/** Where instrumentation leaves the code of AWS's answer; in events, SDKs throw it as an exception of that name. */
const codeKeys = ["aws.error.code", "aws.error_code", "error.type", "error.code", "rpc.response.status_code"];

/** Whether a call of AWS that failed did so because there were too many: AWS says it with status 400 as well. */
export function isThrottledByAws({ span, attributes }: SpanReading): boolean {
  return (
    codeKeys.some((key) => isThrottling(attributes.look(key))) ||
    isThrottlingMessage(span.status?.message) ||
    span.events.some(
      ({ name, attributes: told }) =>
        name === "exception" &&
        (isThrottling(told.get("exception.type")) || isThrottlingMessage(told.get("exception.message"))),
    )
  );
}

/** The code alone, behind a namespace (`com.amazonaws.sqs#`), or as a class in a package (`….model.`, `*types.`). */
function isThrottling(code: AttributeValue | undefined): boolean {
  if (typeof code !== "string") return false;
  const from = Math.max(code.lastIndexOf("."), code.lastIndexOf("#"), code.lastIndexOf("$")) + 1;
  return isThrottlingCode(code.slice(from));
}

/** Python's SDK has one exception for all codes, and the code in its message. */
function isThrottlingMessage(message: AttributeValue | undefined): boolean {
  const code = typeof message === "string" ? /\bAn error occurred \((\w{1,64})\)/.exec(message)?.[1] : undefined;
  return code !== undefined && isThrottlingCode(code);
}
