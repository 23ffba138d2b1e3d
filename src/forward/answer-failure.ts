import { isThrottlingCode } from "../xray/throttling-code.ts";
import { type ApiError, readApiError } from "./api-error.ts";
import type { HttpAnswer } from "./http-client.ts";
import { retryAfterMs } from "./retry-after.ts";
import { type Advice, type FailureKind, ForwardError } from "./way-out.ts";

/** Codes of services that are ill for a moment. */
const illCodes: ReadonlySet<string> = new Set([
  "InternalError",
  "InternalFailure",
  "InternalServerError",
  "InternalServiceException",
  "RequestTimeout",
  "RequestTimeoutException",
  "ServiceUnavailable",
  "ServiceUnavailableException",
]);

const expiredCodes: ReadonlySet<string> = new Set([
  "ExpiredToken",
  "ExpiredTokenException",
  "RequestExpired",
  "TokenRefreshRequired",
]);

const deniedCodes: ReadonlySet<string> = new Set([
  "AccessDenied",
  "AccessDeniedException",
  "AuthFailure",
  "IncompleteSignature",
  "IncompleteSignatureException",
  "InvalidAccessKeyId",
  "InvalidClientTokenId",
  "InvalidSignatureException",
  "MissingAuthenticationToken",
  "MissingAuthenticationTokenException",
  "NotAuthorized",
  "OptInRequired",
  "SignatureDoesNotMatch",
  "UnauthorizedOperation",
  "UnrecognizedClientException",
]);

/** Codes with which AWS says that it is busy or ill: the same may be taken a moment later. */
export function isBusyCode(code: string): boolean {
  return isThrottlingCode(code) || illCodes.has(code);
}

/** Codes with which AWS says that credentials have run out: new ones may be there already. */
export function isExpiredCode(code: string): boolean {
  return expiredCodes.has(code);
}

/**
 * What an answer that is no success means for what was sent. AWS's codes count before the status: it says "come again
 * later" and "who are you?" with 400 as well, and neither is a document's fault.
 */
export function answerFailure(name: string, answer: HttpAnswer, now: number): ForwardError {
  const error = readApiError(answer);
  const { status } = answer;
  const { advice, remedy } = judge(status, error);
  const kind: FailureKind = status >= 500 ? "5xx" : status >= 400 ? "4xx" : "other";
  const said = [error.code, error.message].filter((part) => part !== "").join(": ");
  const message = `${name} answered ${status}${said === "" ? "" : ` (${said})`}. ${remedy}`;
  return new ForwardError(message, {
    kind,
    advice,
    status,
    retryAfterMs: retryAfterMs(answer.headers["retry-after"], now),
  });
}

interface Judgement {
  readonly advice: Advice;
  readonly remedy: string;
}

function judge(status: number, { code }: ApiError): Judgement {
  if (isBusyCode(code)) return { advice: "retry", remedy: "It is sent again." };
  if (expiredCodes.has(code)) return { advice: "retry", remedy: "Credentials have expired; it is sent with new ones." };
  if (deniedCodes.has(code) || status === 401 || status === 403) {
    return {
      advice: "hold",
      remedy: "Look at the credentials, at xray:PutTraceSegments in their policy, and at the clock.",
    };
  }
  if (status === 400 || status === 413 || status === 422) {
    return { advice: "split", remedy: "Some document in it is at fault." };
  }
  if (status === 408 || status === 425 || status === 429 || status >= 500) {
    return { advice: "retry", remedy: "It is sent again." };
  }
  return { advice: "hold", remedy: "This does not look like an X-Ray API: check the address." };
}
