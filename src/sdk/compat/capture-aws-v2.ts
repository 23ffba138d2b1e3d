import { awsCall } from "./aws-call.ts";
import { resolveManualSegmentParams, resolveSegment, runWithinSegment } from "./context.ts";
import { getLogger } from "./logger.ts";
import { outgoingHeader } from "./outgoing-header.ts";
import { safeParseInt } from "./safe-parse-int.ts";
import { flagByStatus } from "./status-cause.ts";
import type { Subsegment } from "./subsegment.ts";

type Members = Readonly<Record<string, unknown>>;

interface Response {
  readonly requestId?: string;
  readonly extendedRequestId?: string;
  readonly retryCount?: number;
  /** Null when the call failed, as `error` is when it did not. */
  readonly data?: Members | null;
  readonly error?: { readonly message: string; readonly code: string } | null;
  readonly httpResponse?: { readonly statusCode?: number; readonly headers?: Readonly<Record<string, string>> };
  readonly request: { readonly operation: string; readonly httpRequest?: { readonly region?: string } };
}

interface Request {
  readonly operation: string;
  readonly params?: Members;
  readonly httpRequest: { readonly headers: Record<string, string> };
  send: (callback?: unknown) => unknown;
  __send?: Request["send"];
  on(event: "build" | "beforePresign", listener: (request: Request) => void): Request;
  on(event: "complete", listener: (response: Response) => void): Request;
  removeListener(event: string, listener: unknown): unknown;
}

interface Service {
  readonly serviceIdentifier: string;
  throttledError?(error: unknown): boolean;
  customizeRequests(customise: (this: Service, request: Request) => unknown): void;
}

const oldest = [2, 7, 15];

/** Captures the calls of all clients of the AWS SDK, version 2, that are made from now on. */
export function captureAWS<T>(awssdk: T): T {
  const { VERSION = "" } = awssdk as { VERSION?: string };
  if (!isRecent(VERSION)) throw new Error("AWS SDK version 2.7.15 or greater required.");
  for (const member of Object.values(awssdk as object)) {
    const { serviceIdentifier, prototype } = (member ?? {}) as { serviceIdentifier?: string; prototype?: Service };
    if (serviceIdentifier) prototype?.customizeRequests(captureRequest);
  }
  return awssdk;
}

/** Captures the calls of one client of the AWS SDK, version 2. */
export function captureAWSClient<T>(service: T): T {
  (service as Service).customizeRequests(captureRequest);
  return service;
}

function isRecent(version: string): boolean {
  const parts = version.split(/[.-]/).map(Number);
  const differing = oldest.findIndex((part, at) => parts[at] !== part);
  return differing < 0 || (parts[differing] ?? 0) > oldest[differing]!;
}

function captureRequest(this: Service, request: Request): Request {
  const { serviceIdentifier } = this;
  const parent = resolveSegment(resolveManualSegmentParams(request.params));
  if (!parent) {
    getLogger().info(`The call ${serviceIdentifier}.${request.operation} is not captured: no segment surrounds it.`);
    return request;
  }
  // What has been called from where is known now, and not when the answer comes.
  const { stack } = new Error();
  const subsegment = parent.addNewSubsegment(serviceIdentifier);
  const isThrottled = (error: unknown): boolean => this.throttledError?.(error) ?? false;
  const onBuild = ({ httpRequest }: Request): void => {
    if (subsegment.noOp !== true) httpRequest.headers["X-Amzn-Trace-Id"] = outgoingHeader(subsegment);
  };
  const onComplete = (response: Response): void => end(subsegment, response, request.params ?? {}, isThrottled, stack);
  // A URL that is signed for somebody else to use is no call.
  request.on("beforePresign", () => {
    parent.removeSubsegment(subsegment);
    parent.decrementCounter();
    request.removeListener("build", onBuild);
    request.removeListener("complete", onComplete);
  });
  request.on("build", onBuild).on("complete", onComplete);
  if (request.__send === undefined) {
    const { send } = request;
    request.__send = send;
    request.send = (callback) => runWithinSegment(subsegment, () => send.call(request, callback));
  }
  return request;
}

function end(
  subsegment: Subsegment,
  { request, requestId, extendedRequestId, retryCount = 0, data, error, httpResponse }: Response,
  input: Members,
  isThrottled: (error: unknown) => boolean,
  stack: string | undefined,
): void {
  const call = { operation: request.operation, region: request.httpRequest?.region, requestId, extendedRequestId };
  subsegment.addAttribute("namespace", "aws");
  subsegment.addAttribute(
    "aws",
    awsCall(subsegment.name, { ...call, retries: retryCount, input, output: data ?? undefined }),
  );
  const { statusCode = 0, headers } = httpResponse ?? {};
  if (httpResponse !== undefined) {
    const length = headers?.["content-length"];
    const response = { status: statusCode || "", ...(length && { content_length: safeParseInt(length) }) };
    subsegment.addAttribute("http", { response });
    flagByStatus(subsegment, statusCode);
  }
  if (!error) {
    subsegment.close();
    return;
  }
  if (isThrottled(error)) subsegment.addThrottleFlag();
  const thrown = { message: error.message, name: error.code, ...(stack !== undefined && { stack }) };
  subsegment.close(thrown, statusCode !== 0);
}
