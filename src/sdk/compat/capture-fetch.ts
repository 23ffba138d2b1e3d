import { resolveManualSegmentParams, resolveSegment, runWithinSegment } from "./context.ts";
import { isTracedBySpans } from "./is-traced-by-spans.ts";
import { getLogger } from "./logger.ts";
import { outgoingHeader } from "./outgoing-header.ts";
import type { FetchAnswer } from "./remote-request-data.ts";
import { flagByStatus } from "./status-cause.ts";
import type { Subsegment } from "./subsegment.ts";

interface Asked {
  readonly url: string;
  readonly method: string;
  readonly headers: { has(name: string): boolean; set(name: string, value: string): void };
}

type Fetch = (...args: unknown[]) => Promise<FetchAnswer>;
type Request = new (...args: unknown[]) => Asked;
type Callback = (subsegment: Subsegment, request: never, response: never, error?: Error) => void;
type GlobalFetch = typeof globalThis.fetch;

/** Captures the calls that are made with the global `fetch`. */
export function captureFetchGlobal(downstreamXRayEnabled?: boolean, subsegmentCallback?: Callback): GlobalFetch {
  const scope = globalThis as { __fetch?: GlobalFetch };
  if (scope.__fetch === undefined) {
    scope.__fetch = globalThis.fetch;
    globalThis.fetch = enableCapture(scope.__fetch, globalThis.Request, downstreamXRayEnabled, subsegmentCallback);
  }
  return globalThis.fetch;
}

/** Captures the calls of a module such as node-fetch. */
export function captureFetchModule<F>(
  fetch: { default: F },
  downstreamXRayEnabled?: boolean,
  subsegmentCallback?: Callback,
): F {
  const module = fetch as { default: F; Request?: unknown; __fetch?: F };
  if (!module.default) getLogger().warn("The module has no fetch function: nothing is captured.");
  else if (module.__fetch === undefined) {
    module.__fetch = module.default;
    module.default = enableCapture(module.__fetch, module.Request, downstreamXRayEnabled, subsegmentCallback);
  }
  return module.default;
}

/** A fetch function whose calls are captured. */
export function enableCapture<F, R>(
  fetch: F,
  request: R,
  downstreamXRayEnabled = false,
  subsegmentCallback?: Callback,
): F {
  const ask = fetch as Fetch;
  const RequestClass = request as unknown as Request;
  const captured: Fetch = async (...args) => {
    if (isTracedBySpans("fetch")) return ask(...args);
    const [input, init = {}] = args as [unknown, object?];
    const asked = new RequestClass(input, init);
    if (asked.headers.has("X-Amzn-Trace-Id")) return ask(asked);
    const parent = resolveSegment(resolveManualSegmentParams(init));
    const { hostname } = new URL(asked.url);
    if (!parent) {
      getLogger().info(`The call to ${hostname} is not captured: no segment surrounds it, or is given as XRaySegment.`);
      return ask(asked);
    }
    const subsegment = parent.addNewSubsegment(hostname);
    subsegment.namespace = "remote";
    if (subsegment.noOp !== true) asked.headers.set("X-Amzn-Trace-Id", outgoingHeader(subsegment));
    const tell = subsegmentCallback as ((...told: unknown[]) => void) | undefined;
    return runWithinSegment(subsegment, async () => {
      try {
        const answer = await ask(asked);
        tell?.(subsegment, asked, answer);
        flagByStatus(subsegment, answer.status);
        subsegment.addFetchRequestData(asked, answer, downstreamXRayEnabled);
        subsegment.close();
        return answer;
      } catch (error) {
        tell?.(subsegment, asked, undefined, error);
        subsegment.addErrorFlag();
        subsegment.addFetchRequestData(asked, undefined, downstreamXRayEnabled && !isRefused(error));
        subsegment.close(error as Error);
        throw error;
      }
    });
  };
  return captured as F;
}

/** What refuses the connection has no part in the call. Node tells so in the error's cause. */
function isRefused(error: unknown): boolean {
  const { code, cause } = error as { code?: unknown; cause?: { code?: unknown } };
  return (cause?.code ?? code) === "ECONNREFUSED";
}
