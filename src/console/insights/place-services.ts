import type { WireImpactService } from "../../api/wire-insights.ts";

/** A service's place in a picture of few: its column, callers before callees, and its row in the column. */
export interface PlacedService {
  readonly service: WireImpactService;
  readonly column: number;
  readonly row: number;
}

/** Puts services into columns: each right of all who call it, but for calls that lead back. Rows as they are told. */
export function placeServices(services: readonly WireImpactService[]): PlacedService[] {
  const byReference = new Map(services.map((service) => [service.ReferenceId, service]));
  const columns = new Map<number, number>();
  const under = new Set<number>();
  const place = (reference: number, column: number): void => {
    const service = byReference.get(reference);
    // A call that leads back to a service which is being placed would push it right for ever.
    if (service === undefined || under.has(reference) || (columns.get(reference) ?? -1) >= column) return;
    columns.set(reference, column);
    under.add(reference);
    for (const edge of service.Edges) place(edge.ReferenceId, column + 1);
    under.delete(reference);
  };
  const called = new Set(services.flatMap(({ Edges }) => Edges.map((edge) => edge.ReferenceId)));
  for (const { ReferenceId } of services) if (!called.has(ReferenceId)) place(ReferenceId, 0);
  for (const { ReferenceId } of services) if (!columns.has(ReferenceId)) place(ReferenceId, 0);
  const taken = new Map<number, number>();
  return services.map((service) => {
    const column = columns.get(service.ReferenceId) ?? 0;
    const row = taken.get(column) ?? 0;
    taken.set(column, row + 1);
    return { service, column, row };
  });
}
