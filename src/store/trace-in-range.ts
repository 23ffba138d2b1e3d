import { FluoroscopeError } from "../errors.ts";
import type { TraceDigest } from "../trace/digest.ts";
import { hashText } from "./hash-text.ts";
import type { TraceQuery } from "./trace-store.ts";

/** Range types are told apart by the time they look at; `limit` and paging play no part here. */
export type TraceRange = Pick<TraceQuery, "startSeconds" | "endSeconds" | "rangeType">;

/** Whether a trace falls in the range, in the sense of its type. */
export function isInRange(digest: TraceDigest, { startSeconds, endSeconds, rangeType }: TraceRange): boolean {
  switch (rangeType) {
    case "TraceId":
      return digest.idSeconds >= startSeconds && digest.idSeconds < endSeconds;
    case "Event":
      return digest.startSeconds < endSeconds && digest.endSeconds >= startSeconds;
    case "Service":
      return digest.segments.some((segment) => endedIn(segment.endSeconds, startSeconds, endSeconds));
  }
}

const endedIn = (end: number | undefined, from: number, to: number): boolean =>
  end !== undefined && end >= from && end < to;

/** A place in the order of a page: newest first, traces of one moment by their ids. */
export interface TracePlace {
  readonly seconds: number;
  readonly id: string;
}

/** Of the traces of one moment none comes before this id. */
export const lastTraceId: string = `1-${"f".repeat(8)}-${"f".repeat(24)}`;

export function placeOf(digest: TraceDigest, rangeType: TraceQuery["rangeType"]): TracePlace {
  return { seconds: rangeType === "TraceId" ? digest.idSeconds : digest.startSeconds, id: digest.id };
}

/** Newest first. */
export function byPlace(a: TracePlace, b: TracePlace): number {
  return b.seconds - a.seconds || (a.id < b.id ? 1 : a.id > b.id ? -1 : 0);
}

/** The token for the page that begins behind this place. */
export function writeToken({ seconds, id }: TracePlace): string {
  return Buffer.from(`${seconds} ${id}`).toString("base64url");
}

export function readToken(token: string | undefined): TracePlace | undefined {
  if (token === undefined) return undefined;
  const [seconds = "", id = ""] = Buffer.from(token, "base64url").toString().split(" ");
  if (seconds === "" || !Number.isFinite(Number(seconds)) || !/^1-[0-9a-f]{8}-[0-9a-f]{24}$/.test(id)) {
    throw new FluoroscopeError("FLUORO_REFUSED", `"${token}" is not a token of a page. Ask for the first page again.`);
  }
  return { seconds: Number(seconds), id };
}

/** Whether the trace is among the share that is kept: decided by its id, so that pages and reloads agree. */
export function isSampled(id: string, rate: number): boolean {
  return hashText(id) < rate * 2 ** 32;
}
