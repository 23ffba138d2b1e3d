import type { WireService, WireStatistics } from "../../api/wire.ts";
import { cleanText } from "./clean-text.ts";
import { shortDuration } from "./format.ts";
import { type Glyphs, type State, states } from "./style.ts";

/** A service map as it is drawn: names and labels are ready to print. */
export interface MapView {
  readonly nodes: readonly MapNode[];
  readonly edges: readonly MapEdge[];
}

interface MapNode {
  readonly name: string;
  /** A second line. */
  readonly detail?: string;
  /** Absent for a client, of which nothing is known. */
  readonly state?: State;
}

export interface MapEdge {
  /** Indexes into `MapView.nodes`. */
  readonly from: number;
  readonly to: number;
  readonly label: string;
  readonly state: State;
}

/** What X-Ray's API says of a service graph, ready for drawing. Durations are p95, which for one call is its own. */
export function viewMap(services: readonly WireService[], glyphs: Glyphs): MapView {
  const index = new Map(services.map(({ ReferenceId }, at) => [ReferenceId, at]));
  const nodes = services.map((service): MapNode => {
    const detail = detailOf(service, glyphs);
    const { SummaryStatistics: statistics } = service;
    return {
      name: nameOf(service, glyphs),
      ...(detail !== undefined && { detail }),
      ...(statistics && { state: stateOfCalls(statistics) }),
    };
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
  if (total > 1) parts.push(`${total}${glyphs.times} ${percentileText(DurationHistogram ?? [])}`);
  return parts.length > 0 ? parts.join(" ") : undefined;
}

function labelOf({ TotalCount: total }: WireStatistics, histogram: readonly HistogramEntry[], glyphs: Glyphs): string {
  return total === 0 ? glyphs.ellipsis : percentileText(histogram);
}

type HistogramEntry = { readonly Value: number; readonly Count: number };

/** The time that 95 of 100 calls stay within. X-Ray's figures end at the millisecond. */
function percentileText(histogram: readonly HistogramEntry[]): string {
  const total = histogram.reduce((sum, { Count }) => sum + Count, 0);
  let seen = 0;
  for (const { Value, Count } of histogram.toSorted((a, b) => a.Value - b.Value)) {
    seen += Count;
    if (seen >= total * 0.95) return Value < 0.001 ? "<1ms" : shortDuration(Value * 1_000);
  }
  return "";
}

/** The worst that happened among some calls. */
function stateOfCalls({ FaultStatistics, ErrorStatistics }: WireStatistics): State {
  const found: Readonly<Record<State, boolean>> = {
    fault: FaultStatistics.TotalCount > 0,
    throttle: ErrorStatistics.ThrottleCount > 0,
    error: ErrorStatistics.OtherCount > 0,
    ok: true,
  };
  return states.find((state) => found[state])!;
}
