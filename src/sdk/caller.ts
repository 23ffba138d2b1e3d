import { type Context, createContextKey } from "@opentelemetry/api";

/** What a request's trace header says beside the ids that a span context holds. */
export interface Caller {
  /** Absent while nobody has decided; `"?"` wants to be told. */
  readonly sampled?: "1" | "0" | "?";
  /**
   * The parent's id is made up: a load balancer names a trace and no parent, and OpenTelemetry knows a trace only by a
   * parent in it.
   */
  readonly isParentMadeUp: boolean;
  /** `Lineage=…` and other people's pairs, handed on unchanged. */
  readonly extra: readonly string[];
}

const key = createContextKey("fluoroscope-sdk caller");

/** A context in which the request of this caller is answered. */
export function withCaller(context: Context, caller: Caller): Context {
  return context.setValue(key, caller);
}

/** The caller whose request is being answered, if any. */
export function callerOf(context: Context): Caller | undefined {
  return context.getValue(key) as Caller | undefined;
}
