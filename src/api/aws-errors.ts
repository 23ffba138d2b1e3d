import { FilterSyntaxError, FluoroscopeError, StoreError } from "../errors.ts";
import type { WireError } from "./wire.ts";

/** An answer in AWS's error shape. Clients retry 429 and 5xx, so what the caller did wrong is never one of these. */
export class AwsError extends Error {
  /** What clients turn into the exception's class. */
  readonly code: string;
  readonly status: number;
  /** What was not found, or has too much, where AWS's shape names it. */
  readonly resourceName: string | undefined;

  constructor(status: number, code: string, message: string, resourceName?: string) {
    super(message);
    this.name = "AwsError";
    this.status = status;
    this.code = code;
    this.resourceName = resourceName;
  }
}

/** A member that is missing, ill-typed or out of bounds, or a question that cannot be answered as put. */
export function invalidRequest(message: string): AwsError {
  return new AwsError(400, "InvalidRequestException", message);
}

/** Too much at once: the client is to come again. */
export function throttled(message: string): AwsError {
  return new AwsError(429, "ThrottledException", message);
}

/** Not the caller's fault, and worth another try. */
export function unavailable(message: string): AwsError {
  return new AwsError(503, "ServiceUnavailableException", message);
}

/** Not an operation we know. */
export function unknownOperation(method: string, path: string): AwsError {
  return new AwsError(404, "UnknownOperationException", `There is no operation at ${method} ${path}.`);
}

/** The body is over the limit. */
export function requestTooLarge(limitBytes: number): AwsError {
  const message = `The request is larger than ${limitBytes} bytes. Send fewer documents at a time.`;
  return new AwsError(413, "RequestEntityTooLargeException", message);
}

/** Refused for where it comes from. */
export function accessDenied(message: string): AwsError {
  return new AwsError(403, "AccessDeniedException", message);
}

/** How any failure is put to the client. `isOurs` says that it should not have happened and belongs into the log. */
export function describeFailure(error: unknown): {
  status: number;
  code: string;
  body: WireError;
  isOurs: boolean;
} {
  if (error instanceof AwsError) {
    const { status, code, message: Message, resourceName: ResourceName } = error;
    return { status, code, body: { Message, ...(ResourceName !== undefined && { ResourceName }) }, isOurs: false };
  }
  if (error instanceof FluoroscopeError && error.code === "FLUORO_SETTINGS_WRITE") {
    return { status: 503, code: "ServiceUnavailableException", body: { Message: error.message }, isOurs: true };
  }
  if (error instanceof FilterSyntaxError) {
    const body = { Message: error.message, Position: error.at, Expected: error.expected };
    return { status: 400, code: "InvalidRequestException", body, isOurs: false };
  }
  if (error instanceof FluoroscopeError && error.code === "FLUORO_REFUSED") {
    return { status: 400, code: "InvalidRequestException", body: { Message: error.message }, isOurs: false };
  }
  if (error instanceof StoreError) {
    const body = { Message: error.message };
    if (error.retryable) return { status: 503, code: "ServiceUnavailableException", body, isOurs: true };
    return { status: 500, code: "InternalFailure", body, isOurs: true };
  }
  const status = clientFault(error);
  if (status !== undefined) {
    const Message = error instanceof Error ? error.message : "The request could not be read.";
    return { status, code: "InvalidRequestException", body: { Message }, isOurs: false };
  }
  return { status: 500, code: "InternalFailure", body: { Message: "Something went wrong here." }, isOurs: true };
}

/** The status of what the HTTP server found wrong before anybody here looked: a broken URL, a body that ends early. */
function clientFault(error: unknown): number | undefined {
  if (!(error instanceof Error) || !("statusCode" in error) || typeof error.statusCode !== "number") return undefined;
  return error.statusCode >= 400 && error.statusCode < 500 ? error.statusCode : undefined;
}
