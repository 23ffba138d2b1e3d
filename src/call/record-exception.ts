import { newSegmentId } from "../xray/segment-id.ts";
import type { ExceptionDocument } from "./segment-document.ts";

const maxFrames = 30;
const maxCauses = 5;
const maxMessage = 2_000;

/**
 * An error as X-Ray exceptions: the error itself first, then what caused it, each naming the next by id.
 * Anything may be thrown, so anything is taken.
 */
export function recordException(thrown: unknown, newId: () => string = newSegmentId): ExceptionDocument[] {
  const chain = causes(thrown);
  const ids = chain.map(newId);
  return chain.map((error, index) => {
    const cause = ids[index + 1];
    return { id: ids[index]!, ...describe(error), ...(cause && { cause }) };
  });
}

function causes(thrown: unknown): unknown[] {
  const chain = [thrown];
  let last = thrown;
  while (chain.length < maxCauses && last instanceof Error) {
    // Happy eyeballs: Node tries every address and reports one AggregateError without a message of its own.
    last = last.cause ?? (last instanceof AggregateError ? last.errors[0] : undefined);
    if (last === undefined || chain.includes(last)) break;
    chain.push(last);
  }
  return chain;
}

function describe(error: unknown): Omit<ExceptionDocument, "id"> {
  if (!(error instanceof Error)) {
    return { type: typeof error, message: cut(String(error)), remote: false, stack: [] };
  }
  const frames = readStack(error.stack ?? "");
  const truncated = frames.length - maxFrames;
  return {
    type: error.name === "Error" ? error.constructor.name : error.name,
    message: cut(messageOf(error)),
    remote: false,
    stack: frames.slice(0, maxFrames),
    ...(truncated > 0 && { truncated }),
  };
}

function messageOf(error: Error): string {
  if (error.message !== "") return error.message;
  if (error instanceof AggregateError) {
    return error.errors.map((each: unknown) => (each instanceof Error ? each.message : String(each))).join("; ");
  }
  return "code" in error ? String(error.code) : error.name;
}

const cut = (text: string): string => (text.length > maxMessage ? `${text.slice(0, maxMessage)}…` : text);

/** V8's stack text: `    at label (path:line:column)` or `    at path:line:column`. */
function readStack(stack: string): { path: string; line: number; label: string }[] {
  return [...stack.matchAll(/^\s+at (?:(.+?) \()?(.+?):(\d+):\d+\)?$/gm)].map(([, label, path, line]) => ({
    path: path!.replace(/^(async )?file:\/\//, ""),
    line: Number(line),
    label: label ?? "anonymous",
  }));
}
