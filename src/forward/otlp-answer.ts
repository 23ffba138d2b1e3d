import { readApiError } from "./api-error.ts";
import type { HttpAnswer } from "./http-client.ts";
import { retryAfterMs } from "./retry-after.ts";
import { type Advice, ForwardError } from "./way-out.ts";

/** What a receiver did not take of a request that it took. */
export interface PartialSuccess {
  readonly rejectedSpans: number;
  /** For people; without rejected spans it is a warning. */
  readonly errorMessage: string;
}

/** Reads the answer to an export. Throws a `ForwardError` when it is no success, or when no receiver of OTLP wrote it. */
export function readOtlpAnswer(name: string, answer: HttpAnswer, now: number): PartialSuccess {
  const { status } = answer;
  if (status < 200 || status >= 300) throw failure(name, answer, now);
  const text = answer.body.toString("utf8").trim();
  const members = text === "" ? {} : readMembers(text);
  if (members === undefined) {
    const message =
      `${name} answered ${status} with something that is not OTLP's JSON. ` +
      "Check that the URL is that of an OTLP/HTTP receiver, port 4318 as a rule.";
    throw new ForwardError(message, { kind: "other", advice: "hold", status });
  }
  const { partialSuccess } = members;
  const { rejectedSpans, errorMessage } = isObject(partialSuccess) ? partialSuccess : {};
  const rejected = Number(rejectedSpans ?? 0);
  return {
    rejectedSpans: Number.isFinite(rejected) ? Math.max(0, rejected) : 0,
    errorMessage: typeof errorMessage === "string" ? errorMessage : "",
  };
}

function failure(name: string, answer: HttpAnswer, now: number): ForwardError {
  const { status } = answer;
  const { advice, remedy } = judge(status);
  const said = readApiError(answer).message;
  return new ForwardError(`${name} answered ${status}${said === "" ? "" : ` (${said})`}. ${remedy}`, {
    kind: status >= 500 ? "5xx" : status >= 400 ? "4xx" : "other",
    advice,
    status,
    retryAfterMs: retryAfterMs(answer.headers["retry-after"], now),
  });
}

/** OTLP's specification names four statuses after which a sender may try again. 408 says the same of itself. */
const busy: ReadonlySet<number> = new Set([408, 429, 502, 503, 504]);
const badData: ReadonlySet<number> = new Set([400, 413, 422]);

function judge(status: number): { readonly advice: Advice; readonly remedy: string } {
  if (busy.has(status)) return { advice: "retry", remedy: "It is sent again." };
  if (badData.has(status)) {
    return { advice: "split", remedy: "Some document in it is at fault." };
  }
  if (status === 401 || status === 403) {
    return { advice: "hold", remedy: "Look at the headers in OTEL_EXPORTER_OTLP_HEADERS." };
  }
  if (status >= 500) return { advice: "hold", remedy: "Look at the receiver's log." };
  return { advice: "hold", remedy: "This does not look like an OTLP/HTTP receiver: check the address." };
}

function readMembers(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : undefined;
  } catch {
    // Not JSON, so not a receiver's answer: the caller says so.
    return undefined;
  }
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
