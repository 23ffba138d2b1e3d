import { readJavaScriptStack } from "../../otel/stacks/javascript.ts";
import { newSegmentId } from "../../xray/segment-id.ts";
import { exceptionAttributes } from "../exception-attributes.ts";

interface Frame {
  readonly path: string | undefined;
  readonly line: number | undefined;
  readonly label: string | undefined;
}

/** One exception of a cause, as documents have it. */
export interface CapturedException {
  readonly id: string;
  readonly message: string;
  readonly type: string;
  readonly remote: boolean;
  readonly stack: readonly Frame[];
  /** The exception of the same list that this one comes from. */
  cause?: string;
}

/** Frames beyond these say nothing new. */
const maxFrames = 100;

/** An error, followed by those that caused it. */
export function captureException(thrown: Error | string, remote: boolean): CapturedException[] {
  if (typeof thrown === "string") return [exception(thrown, "", remote, [])];
  const attributes = exceptionAttributes(thrown as Error & { name: string });
  const [own, ...causes] = readJavaScriptStack(String(attributes["exception.stacktrace"] ?? ""));
  const chain = [
    exception(String(attributes["exception.message"] ?? ""), nameOf(thrown), remote, own?.stack ?? []),
    ...causes.map(({ message = "", type = "", stack }) => exception(message, type, remote, stack)),
  ];
  chain.forEach((each, at) => {
    const next = chain[at + 1];
    if (next !== undefined) each.cause = next.id;
  });
  return chain;
}

function nameOf(thrown: Error): string {
  return typeof thrown.name === "string" ? thrown.name : "";
}

function exception(
  message: string,
  type: string,
  remote: boolean,
  stack: readonly Partial<Frame>[],
): CapturedException {
  const frames = stack.slice(0, maxFrames).map(({ path, line, label }) => ({ path, line, label }));
  return { message, type, stack: frames, remote, id: newSegmentId() };
}
