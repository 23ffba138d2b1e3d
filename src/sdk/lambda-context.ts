import type { Context } from "@opentelemetry/api";
import { invocation } from "./lambda.ts";
import { withHeader } from "./xray-propagator.ts";

/**
 * In Lambda, the context with the invocation's trace in it: what is recorded hangs from Lambda's own segment. Undefined
 * when Lambda passes a trace through or has none, so that nothing is to be recorded.
 */
export function lambdaContext(
  context: Context,
  environment: Readonly<Record<string, string | undefined>>,
): Context | undefined {
  const header = invocation(environment);
  if (header.root === undefined || header.parent === undefined) return undefined;
  // The decision is Lambda's: one that is open is none.
  return withHeader(context, { ...header, sampled: header.sampled === "1" ? "1" : "0" }, header.root);
}
