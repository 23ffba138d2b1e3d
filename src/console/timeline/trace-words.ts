import type { SpanTree } from "../../analysis/span-tree.ts";
import type { State } from "../ui/icon-paths.ts";

/** A trace in a line. */
export interface TraceWords {
  readonly method: string | undefined;
  /** The URL, or the name of the entry. */
  readonly title: string;
  readonly status: number | undefined;
  readonly state: State;
  readonly service: string;
}

/** What a trace is about: what its entry says. A client's own segment knows the URL by the call it made. */
export function traceWords({ rows }: SpanTree): TraceWords {
  const entry = rows.find((row) => !row.isOrphan) ?? rows[0];
  const speaking = entry?.segment.http === undefined ? rows.find((row) => row.segment.http?.url !== undefined) : entry;
  const http = speaking?.segment.http;
  return {
    method: http?.method,
    title: http?.url ?? entry?.segment.name ?? "Trace",
    status: entry?.segment.http?.status ?? http?.status,
    state: entry?.state ?? "ok",
    service: entry?.service ?? "",
  };
}

/** Until when work in progress is drawn: now, unless it has been silent for so long that nobody waits for it. */
export function drawnUntil({ isPartial, rows, endSeconds }: SpanTree, nowSeconds: number): number {
  const isRunning = isPartial && rows.some((row) => row.segment.inProgress);
  return isRunning && nowSeconds - endSeconds < silentSeconds ? nowSeconds : endSeconds;
}

const silentSeconds = 600;
