import { errorMonitor } from "node:events";
import type { ClientRequest, IncomingMessage } from "node:http";
import { isAutomaticMode, resolveManualSegmentParams, resolveSegment, runWithinSegment } from "./context.ts";
import { isTracedBySpans } from "./is-traced-by-spans.ts";
import { getLogger } from "./logger.ts";
import { outgoingHeader } from "./outgoing-header.ts";
import { type HttpArguments, readHttpArguments } from "./read-http-arguments.ts";
import { flagByStatus, getCauseTypeFromHttpStatus } from "./status-cause.ts";
import type { Subsegment } from "./subsegment.ts";

/** Told of each call that ends: what is to be sent of it, the request, the answer or the error. */
type HttpSubsegmentCallback = (
  subsegment: Subsegment,
  req: ClientRequest,
  res: IncomingMessage | null,
  error: Error,
) => void;

type Http = typeof import("node:http") | typeof import("node:https");
type Ask = (...args: unknown[]) => ClientRequest;
type Capturable = { request: unknown; get: unknown; __request?: Ask; __get?: Ask };

interface Options {
  readonly downstreamXRayEnabled: boolean;
  readonly subsegmentCallback: HttpSubsegmentCallback | undefined;
}

/** Captures the calls that are made with `http` or `https`, by whomever. */
export function captureHTTPsGlobal(
  mod: Http,
  downstreamXRayEnabled?: boolean,
  subsegmentCallback?: HttpSubsegmentCallback,
): void {
  const module = mod as Capturable;
  if (module.__request === undefined) {
    enableCapture(module, { downstreamXRayEnabled: Boolean(downstreamXRayEnabled), subsegmentCallback });
  }
}

/** A copy of `http` or `https` whose calls are captured. */
export function captureHTTPs<T extends Http>(
  mod: T,
  downstreamXRayEnabled?: boolean,
  subsegmentCallback?: HttpSubsegmentCallback,
): T {
  if ((mod as Capturable).__request !== undefined) return mod;
  const copy = { ...mod };
  captureHTTPsGlobal(copy, downstreamXRayEnabled, subsegmentCallback);
  return copy;
}

function enableCapture(module: Capturable, options: Options): void {
  for (const name of ["request", "get"] as const) {
    const original = module[name] as Ask;
    const captured = (...args: unknown[]): ClientRequest => captureCall(original, args, options);
    module[`__${name}`] = original;
    Object.defineProperty(module, name, { value: captured, configurable: true, enumerable: true, writable: true });
  }
}

function captureCall(ask: Ask, args: unknown[], options: Options): ClientRequest {
  const asked = readHttpArguments(args);
  if (asked === undefined || asked.hasTraceHeader || isTracedBySpans("http")) return ask(...args);
  const parent = resolveSegment(resolveManualSegmentParams(asked.parameters));
  if (!parent) {
    getLogger().info(`The call to ${asked.host} is not captured: ${whyNot()}`);
    return ask(...args);
  }
  const subsegment = parent.addNewSubsegment(asked.host);
  subsegment.namespace = "remote";
  const header = subsegment.noOp === true ? undefined : outgoingHeader(subsegment);
  return start(ask, asked, header, subsegment, options);
}

function whyNot(): string {
  return isAutomaticMode() ? "no segment surrounds it." : "in manual mode its options need a segment as XRaySegment.";
}

function start(
  ask: Ask,
  { withHeader, callback }: HttpArguments,
  header: string | undefined,
  subsegment: Subsegment,
  { downstreamXRayEnabled, subsegmentCallback }: Options,
): ClientRequest {
  let response: IncomingMessage | undefined;
  const fail = (error: Error & { code?: unknown }): void => {
    if (subsegment.isClosed()) return;
    subsegmentCallback?.(subsegment, request, null, error);
    // What refuses the connection has no part in it.
    subsegment.addRemoteRequestData(request, response ?? null, downstreamXRayEnabled && error.code !== "ECONNREFUSED");
    if (getCauseTypeFromHttpStatus(response?.statusCode ?? 0) === "error") subsegment.addErrorFlag();
    subsegment.close(error, response !== undefined);
  };
  const onResponse = (answer: IncomingMessage): void => {
    response = answer;
    answer.on("end", () => {
      if (subsegment.isClosed()) return;
      (subsegmentCallback as undefined | ((...given: unknown[]) => void))?.(subsegment, request, answer);
      flagByStatus(subsegment, answer.statusCode ?? 0);
      subsegment.addRemoteRequestData(request, answer, downstreamXRayEnabled);
      subsegment.close();
    });
    // An answer that breaks off has no end.
    answer.on("close", () => fail(new Error("aborted")));
    if (callback !== undefined) runWithinSegment(subsegment, () => callback(answer));
    // Nobody listens: without anybody who reads it, it would never end.
    else if (request.listenerCount("response") === 0) answer.resume();
  };
  const request = askFor(() => ask(...withHeader(header), onResponse), subsegment);
  request.on(errorMonitor, fail);
  return request;
}

/** What cannot even be asked ends at once. */
function askFor(ask: () => ClientRequest, subsegment: Subsegment): ClientRequest {
  try {
    return ask();
  } catch (error) {
    subsegment.close(error as Error);
    throw error;
  }
}
