import type { Attributes } from "@opentelemetry/api";
import { parseTraceHeader, type TraceHeader } from "../xray/trace-header.ts";
import { toW3cTraceId } from "../xray/trace-id.ts";

type Environment = Readonly<Record<string, string | undefined>>;

/** True within AWS Lambda, which makes the function's segment itself. */
export function isLambda(environment: Environment): boolean {
  return environment.LAMBDA_TASK_ROOT !== undefined;
}

/** Where the runtime asks for invocations and hands answers in; it is there before any code is. */
const runtimeApi = process.env.AWS_LAMBDA_RUNTIME_API;

/** True for a call with which Lambda's runtime talks to Lambda: it may do so in JavaScript, and is no work of a function. */
export function isRuntimeCall({ "server.address": address, "server.port": port = 80 }: Attributes): boolean {
  return runtimeApi !== undefined && `${address}:${port}` === runtimeApi;
}

/** What Lambda says of the invocation that is being answered. It changes with each, so it is read each time. */
export function invocation(environment: Environment): TraceHeader {
  return parseTraceHeader(invocationHeader() ?? environment._X_AMZN_TRACE_ID);
}

/** `Lineage`, with which Lambda finds functions that call each other in circles, and whatever else is for a trace's callees. */
export function invocationExtra(environment: Environment, traceId: string): readonly string[] {
  const { root, extra } = invocation(environment);
  return root !== undefined && toW3cTraceId(root) === traceId ? extra : [];
}

/** Where one process answers several invocations at a time, the runtime says it in a place of its own. */
export function invocationHeader(): string | undefined {
  const { awslambda } = globalThis as { awslambda?: { InvokeStore?: { getXRayTraceId?: () => unknown } } };
  const text = awslambda?.InvokeStore?.getXRayTraceId?.();
  return typeof text === "string" ? text : undefined;
}
