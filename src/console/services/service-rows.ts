import type { ServiceSeries } from "../../api/wire-services.ts";
import type { NodeId } from "../../trace/trace.ts";
import type { Figures } from "../map/figures.ts";
import type { MapView } from "../map/map-view.ts";

/** A service in the list. */
export interface ServiceRow {
  readonly key: string;
  readonly id: NodeId;
  /** Known only from its callers. */
  readonly isInferred: boolean;
  readonly figures: Figures;
}

/** What a list of services may be ordered by. */
export type ServiceOrder = "name" | "rate" | "error" | "fault" | "p50" | "p95" | "p99";

export const serviceOrders: readonly ServiceOrder[] = ["name", "rate", "error", "fault", "p50", "p95", "p99"];

const figureOf: Readonly<Record<Exclude<ServiceOrder, "name">, (figures: Figures) => number>> = {
  rate: ({ perSecond }) => perSecond,
  error: ({ error, throttle, total }) => shareOf(error + throttle, total),
  fault: ({ fault, total }) => shareOf(fault, total),
  p50: ({ p50 }) => p50 ?? 0,
  p95: ({ p95 }) => p95 ?? 0,
  p99: ({ p99 }) => p99 ?? 0,
};

/** The services of a graph: what is highest first, names from A on. Clients have no figures and are none. */
export function serviceRows({ nodes }: MapView, order: ServiceOrder): ServiceRow[] {
  const rows = nodes.flatMap(({ key, id, isInferred, figures }) =>
    figures === undefined || figures.total === 0 ? [] : { key, id, isInferred, figures },
  );
  const byName = (a: ServiceRow, b: ServiceRow): number => a.id.name.localeCompare(b.id.name);
  if (order === "name") return rows.sort(byName);
  const figure = figureOf[order];
  return rows.sort((a, b) => figure(b.figures) - figure(a.figures) || byName(a, b));
}

/** The series of a service, among those of all. */
export function seriesOf(
  services: readonly ServiceSeries[],
  { name, type, accountId }: NodeId,
): ServiceSeries | undefined {
  return services.find(
    (series) => series.name === name && (series.type ?? "") === (type ?? "") && series.accountId === accountId,
  );
}

function shareOf(part: number, whole: number): number {
  return whole === 0 ? 0 : part / whole;
}
