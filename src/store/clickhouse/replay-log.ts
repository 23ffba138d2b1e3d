import { assembleTrace } from "../../trace/assemble-trace.ts";
import type { TraceDigest } from "../../trace/digest.ts";
import { digestTrace } from "../../trace/digest-trace.ts";
import { type KeptDocument, keepDocuments } from "../keep-documents.ts";
import { weightOf } from "../weight-of.ts";

/** A document as it stands in the log: what arrived, when, with which others. */
export interface LoggedDocument extends KeptDocument {
  /** Microseconds of the clock of the node that took it. */
  readonly arrived: bigint;
  /** Which append it came with: a random number. */
  readonly append: bigint;
  /** Its place among what came with it. */
  readonly position: number;
  readonly weight?: number;
}

/** What of a log is valid. */
export interface KeptLog {
  readonly documents: readonly LoggedDocument[];
  /** Appends that changed the trace. */
  readonly revision: number;
  readonly weight: number;
}

/** What a trace is, by its log. */
export interface ReplayedTrace {
  readonly documents: readonly LoggedDocument[];
  readonly digest: TraceDigest;
}

/**
 * Lets the documents of a trace arrive once more, append by append. Everyone who has read the same log gets the same, in
 * whatever order the rows came. Answers nothing where nothing was logged.
 */
export function replayLog(traceId: string, log: readonly LoggedDocument[]): ReplayedTrace | undefined {
  if (log.length === 0) return undefined;
  const { documents, revision, weight } = keepLog(log);
  const segments = documents.flatMap((document) => document.segments);
  return { documents, digest: digestTrace(assembleTrace(traceId, segments), revision, { weight }) };
}

/** The same without making anything of the documents. */
export function keepLog(log: readonly LoggedDocument[]): KeptLog {
  const appends = inAppends(log);
  return isPlain(log) ? allOf(appends) : oneByOne(appends);
}

/** In order of arrival, each row once. */
function inAppends(log: readonly LoggedDocument[]): LoggedDocument[][] {
  const appends: LoggedDocument[][] = [];
  let last: LoggedDocument | undefined;
  for (const document of log.toSorted(byArrival)) {
    if (last !== undefined && byArrival(last, document) === 0) continue;
    if (last?.append === document.append) appends.at(-1)?.push(document);
    else appends.push([document]);
    last = document;
  }
  return appends;
}

function byArrival(a: LoggedDocument, b: LoggedDocument): number {
  return compare(a.arrived, b.arrived) || compare(a.append, b.append) || a.position - b.position;
}

const compare = (a: bigint, b: bigint): number => (a < b ? -1 : a > b ? 1 : 0);

/** Nothing was repeated, and nothing took the place of anything: then each append changed the trace. */
function isPlain(log: readonly LoggedDocument[]): boolean {
  const ids = new Set<string>();
  let count = 0;
  for (const { segments } of log) {
    for (const { id, isSubsegment } of segments) ids.add(isSubsegment ? id : `=${id}`);
    count += segments.length;
  }
  return ids.size === count;
}

function allOf(appends: readonly (readonly LoggedDocument[])[]): KeptLog {
  let weight: number | undefined;
  for (const arrived of appends) weight = weightOf(weight === undefined ? undefined : { weight }, arrived);
  return { documents: appends.flat(), revision: appends.length, weight: weight ?? 1 };
}

function oneByOne(appends: readonly (readonly LoggedDocument[])[]): KeptLog {
  let kept: KeptLog | undefined;
  for (const arrived of appends) {
    const documents = keepDocuments(kept?.documents ?? [], arrived)?.documents;
    if (documents === undefined) continue;
    kept = { documents, revision: (kept?.revision ?? 0) + 1, weight: weightOf(kept, arrived) };
  }
  return kept ?? { documents: [], revision: 0, weight: 1 };
}
