import type { Attributes, Exception } from "@opentelemetry/api";

const maxCauses = 5;

/**
 * What OpenTelemetry records of something that was thrown. The stack goes on with those of its causes, each after a line
 * `Caused by: `.
 */
export function exceptionAttributes(thrown: Exception): Attributes {
  if (typeof thrown === "string") return { "exception.type": "string", "exception.message": thrown };
  const stacks = causesOf(thrown).map((error, index) =>
    index === 0 ? stackOf(error) : `Caused by: ${stackOf(error)}`,
  );
  const stack = stacks.join("\n");
  return {
    "exception.type": typeOf(thrown),
    "exception.message": messageOf(thrown),
    ...(stack !== "" && { "exception.stacktrace": stack }),
  };
}

function causesOf(thrown: unknown): unknown[] {
  const chain: unknown[] = [thrown];
  for (let last = thrown; chain.length < maxCauses && last instanceof Error; ) {
    // Node tries every address of a host and reports one AggregateError that has no message of its own.
    last = last.cause ?? (last instanceof AggregateError ? last.errors[0] : undefined);
    if (last === undefined || chain.includes(last)) break;
    chain.push(last);
  }
  return chain;
}

function stackOf(error: unknown): string {
  if (typeof error !== "object" || error === null) return String(error);
  if ("stack" in error && typeof error.stack === "string") return error.stack;
  return error instanceof Error ? `${typeOf(error)}: ${messageOf(error)}` : "";
}

function typeOf(error: object): string {
  const name = "name" in error && typeof error.name === "string" ? error.name : "";
  // Classes that forget to name themselves still have a name.
  if (error instanceof Error && (name === "Error" || name === "")) return error.constructor.name || "Error";
  return name || ("code" in error ? String(error.code) : "Error");
}

function messageOf(error: object): string {
  const message = "message" in error && typeof error.message === "string" ? error.message : "";
  if (message !== "") return message;
  if (error instanceof AggregateError) return error.errors.map((each: unknown) => textOf(each)).join("; ");
  return "code" in error ? String(error.code) : "";
}

function textOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
