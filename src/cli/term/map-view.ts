import type { WireService, WireStatistics } from "../../api/wire.ts";
import { cleanText } from "./clean-text.ts";
import { shortDuration } from "./format.ts";
import { type Glyphs, type State, states } from "./style.ts";

/** A service map as it is drawn: names and labels are ready to print. */
export interface MapView {
  readonly nodes: readonly MapNode[];
  readonly edges: readonly MapEdge[];
}

export interface MapNode {
  readonly name: string;
  /** A second line. */
  readonly detail?: string;
  readonly state: State;
}

export interface MapEdge {
  /** Indexes into `MapView.nodes`. */
  readonly from: number;
  readonly to: number;
  readonly label: string;
  readonly state: State;
}

/** What X-Ray's API says of a service graph, ready for drawing. Many calls: p95 and counts; one: its duration. */
export function viewMap(services: readonly WireService[], glyphs: Glyphs): MapView {
  const index = new Map(services.map(({ ReferenceId }, at) => [ReferenceId, at]));
  const nodes = services.map((service): MapNode => {
    const detail = detailOf(service, glyphs);
    const state = service.SummaryStatistics ? stateOfCalls(service.SummaryStatistics) : "ok";
    return { name: nameOf(service, glyphs), ...(detail !== undefined && { detail }), state };
  });
  const edges = services.flatMap((service, from) =>
    service.Edges.flatMap((edge): MapEdge[] => {
      const to = index.get(edge.ReferenceId);
      if (to === undefined) return [];
      const { SummaryStatistics: statistics, ResponseTimeHistogram: histogram } = edge;
      return [{ from, to, label: labelOf(statistics, histogram, glyphs), state: stateOfCalls(statistics) }];
    }),
  );
  return { nodes, edges };
}

function nameOf({ Name, Type }: WireService, glyphs: Glyphs): string {
  return Type === "client" ? "client" : cleanText(Name, glyphs);
}

/** For a node that saw more than one call: how many, and how slow. AWS resources also say what they are. */
function detailOf({ Type, SummaryStatistics, DurationHistogram }: WireService, glyphs: Glyphs): string | undefined {
  const parts: string[] = [];
  if (Type?.startsWith("AWS::")) parts.push(cleanText(Type.split("::")[1]!, glyphs));
  const total = SummaryStatistics?.TotalCount ?? 0;
  if (total > 1)
    parts.push(`${total}${glyphs.times} p95 ${shortDuration(percentileMs(DurationHistogram ?? [], 0.95))}`);
  return parts.length > 0 ? parts.join(" ") : undefined;
}

function labelOf(statistics: WireStatistics, histogram: readonly HistogramEntry[], glyphs: Glyphs): string {
  const { TotalCount: total, TotalResponseTime: seconds } = statistics;
  if (total === 0) return glyphs.ellipsis;
  if (total === 1) return shortDuration(seconds * 1_000);
  return `${total}${glyphs.times}${shortDuration(percentileMs(histogram, 0.95))}`;
}

type HistogramEntry = { readonly Value: number; readonly Count: number };

function percentileMs(histogram: readonly HistogramEntry[], share: number): number {
  const sorted = histogram.toSorted((a, b) => a.Value - b.Value);
  const total = sorted.reduce((sum, { Count }) => sum + Count, 0);
  let seen = 0;
  for (const { Value, Count } of sorted) {
    seen += Count;
    if (seen >= total * share) return Value * 1_000;
  }
  return 0;
}

/** The worst that happened among some calls. */
export function stateOfCalls({ FaultStatistics, ErrorStatistics }: WireStatistics): State {
  const found: Readonly<Record<State, boolean>> = {
    fault: FaultStatistics.TotalCount > 0,
    throttle: ErrorStatistics.ThrottleCount > 0,
    error: ErrorStatistics.OtherCount > 0,
    ok: true,
  };
  return states.find((state) => found[state])!;
}
