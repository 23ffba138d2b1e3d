import type { Context } from "@opentelemetry/api";
import { parseTraceHeader } from "../xray/trace-header.ts";
import { withHeader } from "./xray-propagator.ts";

type Environment = Readonly<Record<string, string | undefined>>;

/** True within AWS Lambda, which makes the function's segment itself. */
export function isLambda(environment: Environment): boolean {
  return environment.LAMBDA_TASK_ROOT !== undefined;
}

/**
 * In Lambda, the context with the invocation's trace in it: what is recorded hangs from Lambda's own segment. Undefined
 * when Lambda passes a trace through or has none, so that nothing is to be recorded.
 */
export function lambdaContext(context: Context, environment: Environment): Context | undefined {
  // It changes with each invocation, so it is read each time.
  const header = parseTraceHeader(invocationHeader() ?? environment._X_AMZN_TRACE_ID);
  if (header.root === undefined || header.parent === undefined) return undefined;
  // The decision is Lambda's: one that is open is none.
  return withHeader(context, { ...header, sampled: header.sampled === "1" ? "1" : "0" }, header.root);
}

/** Where one process answers several invocations at a time, the runtime says it in a place of its own. */
export function invocationHeader(): string | undefined {
  const { awslambda } = globalThis as { awslambda?: { InvokeStore?: { getXRayTraceId?: () => unknown } } };
  const text = awslambda?.InvokeStore?.getXRayTraceId?.();
  return typeof text === "string" ? text : undefined;
}
