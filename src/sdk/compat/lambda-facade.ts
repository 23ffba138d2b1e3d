import { randomHex } from "../../xray/random.ts";
import { invocationHeader } from "../lambda.ts";
import { contextMissing } from "./context-missing.ts";
import { FacadeSegment } from "./facade-segment.ts";
import { getLogger } from "./logger.ts";
import type { Segment } from "./segment.ts";
import { processTraceData } from "./trace-data.ts";
import { TraceID } from "./trace-id.ts";

/** Lambda's own segment of an invocation. */
class LambdaFacade extends FacadeSegment {
  readonly facade = true;

  constructor() {
    super("facade");
    this.trace_id = TraceID.Invalid().toString();
    this.id = "00000000";
    this.notTraced = true;
  }

  protected told(method: string): void {
    getLogger().warn(`${method} does nothing on Lambda's own segment: record it on a subsegment.`);
  }
}

/** True for Lambda's own segment, whichever invocation it is of. */
export function isLambdaFacade(segment: unknown): boolean {
  return segment instanceof LambdaFacade;
}

/** By trace header. One process may answer several invocations at a time; long after each, it is forgotten. */
const facades = new Map<string, LambdaFacade>();
const maxInvocations = 128;

/** Lambda's segment of the invocation that is being answered. */
export function lambdaFacade(): Segment {
  const header = invocationHeader() ?? process.env._X_AMZN_TRACE_ID;
  if (!header) {
    contextMissing("Lambda names no trace. Turn active tracing on, and record nothing outside of the handler.");
    return new LambdaFacade();
  }
  const known = facades.get(header);
  if (known !== undefined) return known;
  const facade = new LambdaFacade();
  populateTraceData(facade, header);
  if (facades.size >= maxInvocations) facades.delete(facades.keys().next().value!);
  facades.set(header, facade);
  return facade;
}

/** True if a header says all that Lambda's says: trace, parent and decision. */
export function validTraceData(xAmznTraceId?: string): boolean {
  const { root, parent, sampled } = processTraceData(xAmznTraceId);
  return Boolean(root && parent && sampled);
}

/** Gives a segment the trace that Lambda's header names. True if the header is as Lambda writes it. */
export function populateTraceData(segment: Segment, xAmznTraceId: string): boolean {
  const { root, parent, sampled, data } = processTraceData(xAmznTraceId);
  const isPassedThrough = Boolean(root && !parent && !sampled);
  if (isPassedThrough) segment.noOp = true;
  segment.trace_id = TraceID.FromString(root ?? "").toString();
  segment.id = parent ?? randomHex(8);
  if (sampled === "1") delete segment.notTraced;
  else segment.notTraced = true;
  if (data !== undefined) segment.additionalTraceData = data;
  const isValid = isPassedThrough || (validTraceData(xAmznTraceId) && segment.trace_id === root);
  if (!isValid) getLogger().error(`Lambda's trace header is not as it should be: ${xAmznTraceId}`);
  return isValid;
}
