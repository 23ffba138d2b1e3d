import { isLambda } from "../lambda.ts";
import { contextMissing } from "./context-missing.ts";
import { isLambdaFacade, lambdaFacade } from "./lambda-facade.ts";
import { getLogger } from "./logger.ts";
import { type Namespace, namespace } from "./namespace.ts";
import { Segment } from "./segment.ts";
import { current, runWithin, setCurrent } from "./span-beside.ts";
import { Subsegment } from "./subsegment.ts";

export type SegmentLike = Segment | Subsegment;

const isInLambda = isLambda(process.env);
let isAutomatic = !process.env.AWS_XRAY_MANUAL_MODE;

/** True while segments go with the asynchronous context; false while they are handed over by hand. */
export function isAutomaticMode(): boolean {
  return isAutomatic;
}

export function enableAutomaticMode(): void {
  isAutomatic = true;
}

export function enableManualMode(): void {
  if (isInLambda) getLogger().warn("In Lambda there is no manual mode.");
  else isAutomatic = false;
}

/** The context that segments go with. */
export function getNamespace(): Namespace {
  return namespace;
}

/** The segment or subsegment that is being worked on. Only in automatic mode. */
export function getSegment(): SegmentLike | undefined {
  if (!isAutomatic) {
    contextMissing("Cannot get sub/segment from context. Not supported in manual mode.");
    return undefined;
  }
  const segment = current();
  // One process answers many invocations, and what one has set may still be there at the next.
  if (isInLambda && (segment === undefined || isLambdaFacade(segment))) return lambdaFacade();
  if (segment === undefined) contextMissing("Failed to get the current sub/segment from the context.");
  return segment;
}

/** Makes a segment or subsegment the one that is being worked on, in place. Only in automatic mode. */
export function setSegment(segment: SegmentLike): void {
  if (isAutomatic) setCurrent(segment);
  else contextMissing("Cannot set sub/segment on context. Not supported in manual mode.");
}

/** The current one in automatic mode, whatever is handed over; what is handed over in manual mode. */
export function resolveSegment(segment?: SegmentLike | null): SegmentLike | undefined {
  if (isAutomatic) return getSegment();
  if (segment) return segment;
  contextMissing("No sub/segment specified. A sub/segment must be provided for manual mode.");
  return undefined;
}

/** Runs a function within a segment, which is the current one there. */
export function runWithinSegment<S extends SegmentLike, T>(segment: S, fn: (segment: S) => T): T {
  return isAutomatic ? runWithin(segment, fn, segment) : fn(segment);
}

type Parameters = { XRaySegment?: unknown; XraySegment?: unknown; Segment?: unknown };

/** In manual mode, the segment among the parameters of a call, from which it is taken. */
export function resolveManualSegmentParams(params?: object | null): SegmentLike | undefined {
  if (!params || isAutomatic) return undefined;
  const given = params as Parameters;
  const named = given.XRaySegment || given.XraySegment;
  if (isSegmentLike(named)) {
    delete given.XRaySegment;
    delete given.XraySegment;
    return named;
  }
  if (!isSegmentLike(given.Segment)) return undefined;
  const found = given.Segment;
  delete given.Segment;
  return found;
}

function isSegmentLike(value: unknown): value is SegmentLike {
  return value instanceof Segment || value instanceof Subsegment;
}
