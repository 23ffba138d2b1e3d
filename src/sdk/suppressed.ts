import { type Context, createContextKey } from "@opentelemetry/api";

/** The key of OpenTelemetry's own SDK: keys of one name are one key. */
const key = createContextKey("OpenTelemetry SDK Context Key SUPPRESS_TRACING");

/** A context in which nothing is traced: for what tracing itself sends. */
export function suppress(context: Context): Context {
  return context.setValue(key, true);
}

/** True where nothing is to be traced, whoever said so: exporters do for their own requests. */
export function isSuppressed(context: Context): boolean {
  return context.getValue(key) === true;
}
