import type { ServiceAlert } from "../../api/wire-services.ts";
import type { Figures } from "../map/figures.ts";

/** Which of a service's figures are above their limits. */
export interface OverLimit {
  readonly fault: boolean;
  readonly p95: boolean;
}

const nothing: OverLimit = { fault: false, p95: false };

/** What the figures of what is looked at are above of. */
export function overLimit(
  { fault, total, p95 = 0 }: Pick<Figures, "fault" | "total" | "p95">,
  alert: ServiceAlert | undefined,
): OverLimit {
  if (alert === undefined || total === 0) return nothing;
  const { faultPercent = Number.POSITIVE_INFINITY, p95Seconds = Number.POSITIVE_INFINITY } = alert;
  return { fault: (100 * fault) / total > faultPercent, p95: p95 > p95Seconds };
}
