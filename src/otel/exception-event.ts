import type { Exception, StackFrame } from "../trace/segment.ts";
import type { AttributeValue, SpanEvent } from "./span.ts";

/** One exception of a cause, as the event that OpenTelemetry records for it. */
export function exceptionEvent(exception: Exception, timeUnixNano: string, language: string | undefined): SpanEvent {
  const attributes = new Map<string, AttributeValue>();
  const { type, message, stack } = exception;
  if (type !== undefined) attributes.set("exception.type", type);
  if (message !== undefined) attributes.set("exception.message", message);
  if (stack !== undefined && stack.length > 0) {
    attributes.set("exception.stacktrace", writeStack(exception, stack, language));
    if (hasLines(type) || hasLines(message) || !stack.every(isClear))
      attributes.set("aws.xray.exception.stack", JSON.stringify(stack));
  }
  for (const member of keptMembers) {
    const value = exception[member];
    if (value !== undefined) attributes.set(`aws.xray.exception.${member}`, value);
  }
  return { timeUnixNano, name: "exception", attributes };
}

const keptMembers = ["id", "remote", "truncated", "skipped", "cause"] as const;

/** Lines of a message may look like frames. */
const hasLines = (text: string | undefined): boolean => text !== undefined && lineEnd.test(text);

const lineEnd = /[\n\r\u2028\u2029]/;

/** Whether a frame can be read off its line again. If not, the stack is sent in X-Ray's form too. */
function isClear({ path, line, label }: StackFrame): boolean {
  return line !== undefined && path !== undefined && label !== undefined && clear.test(path) && clear.test(label);
}

const clear = /^[^\n\r\u2028\u2029()"]+$/;

/** In the form of the language, as people and other programs know it. X-Ray has the frames in the same order. */
function writeStack({ type, message }: Exception, stack: readonly StackFrame[], language: string | undefined): string {
  const head = message === undefined ? (type ?? "Error") : `${type ?? "Error"}: ${message}`;
  if (language === "python") {
    const lines = stack.map(
      (frame) => `  File "${frame.path ?? "?"}", line ${frame.line ?? 0}, in ${labelOf(frame)}\n`,
    );
    return `Traceback (most recent call last):\n${lines.join("")}${head}`;
  }
  const indent = language === "java" ? "\t" : "    ";
  const gap = language === "java" ? "" : " ";
  return [head, ...stack.map((frame) => `${indent}at ${labelOf(frame)}${gap}(${placeOf(frame)})`)].join("\n");
}

const labelOf = ({ label }: StackFrame): string => label ?? "<anonymous>";

const placeOf = ({ path = "?", line }: StackFrame): string => (line === undefined ? path : `${path}:${line}`);
