import { percentile } from "../graph/percentile.ts";
import type { ServiceGraph } from "../graph/service-graph.ts";
import type { Alert } from "../settings/settings.ts";

/** A figure of a service that is above its limit. */
export interface Breach {
  readonly service: string;
  readonly figure: "faultPercent" | "p95Seconds";
  readonly value: number;
  readonly limit: number;
}

/** Which limits the figures of a graph are above. A service that nobody called breaks none. */
export function findBreaches(alerts: readonly Alert[], { nodes }: ServiceGraph): Breach[] {
  const breaches: Breach[] = [];
  for (const { service, ...limits } of alerts) {
    for (const { name, isClient, statistics } of nodes) {
      if (name !== service || isClient || statistics.total === 0) continue;
      const values = {
        faultPercent: (100 * statistics.fault) / statistics.total,
        p95Seconds: percentile(statistics.histogram, 95) ?? 0,
      };
      for (const figure of ["faultPercent", "p95Seconds"] as const) {
        const limit = limits[figure];
        if (limit !== undefined && values[figure] > limit) {
          breaches.push({ service, figure, value: values[figure], limit });
        }
      }
    }
  }
  return breaches;
}
