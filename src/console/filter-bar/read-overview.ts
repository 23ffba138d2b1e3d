import type { Overview } from "../../analysis/overview.ts";
import type { AnnotationValue } from "../../trace/segment.ts";
import { get, getLines, type Range } from "../api-client.ts";

export interface OverviewAsked extends Range {
  readonly filter: string;
  /** Of the heatmap; 0 for none. */
  readonly columns?: number;
  /** Of each facet; 0 for no facets. */
  readonly values?: number;
}

/** All traces of a range that match, at a glance. `onPartial` sees the answer grow. */
export function readOverview(
  asked: OverviewAsked,
  options: { readonly signal: AbortSignal; readonly onPartial?: (overview: Overview) => void },
): Promise<Overview> {
  const path = `/api/overview?${search(asked)}`;
  if (options.onPartial === undefined) return get(path, options.signal);
  return getLines(path, { signal: options.signal, onPartial: options.onPartial });
}

export interface KnownValues {
  readonly values: readonly { readonly value: AnnotationValue; readonly traces: number }[];
  readonly isPartial: boolean;
}

/** Values of a keyword of filter expressions that contain a text, the commonest first. */
export function readValues(
  asked: Range & { readonly keyword: string; readonly contains: string },
  signal: AbortSignal,
): Promise<KnownValues> {
  return get(`/api/values?${search(asked)}`, signal);
}

function search({ startSeconds, endSeconds, ...more }: Range): string {
  const members = Object.entries<unknown>(more).filter(([, value]) => value !== undefined && value !== "");
  return new URLSearchParams([
    ["start", String(startSeconds)],
    ["end", String(endSeconds)],
    ...members.map(([name, value]) => [name, String(value)]),
  ]).toString();
}
