import type { Retrieval, Settings } from "../settings/settings.ts";
import type { StoredTrace, TraceStore } from "../store/trace-store.ts";
import type { Trace } from "../trace/trace.ts";
import { assemble } from "./assemble-traces.ts";
import { AwsError } from "./aws-errors.ts";
import { readTraces } from "./read-traces.ts";
import { type Check, text } from "./validate.ts";

/** `RetrievalToken` of a request. */
export const retrievalToken: Check<string> = text({ max: 1_020 });

/** So long AWS keeps a job. */
const lifeSeconds = 3_600;
/** Each keeps up to a hundred ids. */
const mostRetrievals = 1_000;

/** The jobs that are still alive with one more; more than there may be push out the oldest. */
export function withRetrieval(settings: Settings, retrieval: Retrieval): Settings {
  const alive = settings.retrievals.filter((each) => isAlive(each, retrieval.createdSeconds));
  return { ...settings, retrievals: [...alive, retrieval].slice(-mostRetrievals) };
}

/** The job of a token. */
export function findRetrieval(settings: Settings, token: string, nowSeconds: number): Retrieval {
  const found = settings.retrievals.find((each) => each.token === token && isAlive(each, nowSeconds));
  if (found !== undefined) return found;
  throw new AwsError(
    404,
    "ResourceNotFoundException",
    "There is no trace retrieval with this token (any more).",
    token,
  );
}

/** A retrieval is complete at once: its traces are read when they are fetched. */
export function retrievalStatus({ isCancelled }: Retrieval): "COMPLETE" | "CANCELLED" {
  return isCancelled ? "CANCELLED" : "COMPLETE";
}

/** The job's traces that began within its range, as they are now. */
export async function retrievedTraces(
  { traceIds, startSeconds, endSeconds, isCancelled }: Retrieval,
  store: Pick<TraceStore, "readTraces">,
): Promise<RetrievedTrace[]> {
  if (isCancelled) return [];
  const { found } = await readTraces(store, traceIds);
  return found
    .map((stored) => ({ stored, trace: assemble(stored) }))
    .filter(({ trace }) => trace.startSeconds >= startSeconds && trace.startSeconds <= endSeconds);
}

export interface RetrievedTrace {
  readonly stored: StoredTrace;
  readonly trace: Trace;
}

function isAlive({ createdSeconds }: Retrieval, nowSeconds: number): boolean {
  return createdSeconds > nowSeconds - lifeSeconds;
}
