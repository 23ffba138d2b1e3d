/** What share of a node's requests fails usually, learnt minute by minute. */
export interface FaultBand {
  readonly mean: number;
  readonly variance: number;
}

/** Nothing learnt yet: no faults are expected. */
export const noFaults: FaultBand = { mean: 0, variance: 0 };

/** How much a busy minute counts: a change is learnt within about ten of them. */
const busyWeight = 0.1;
/** A minute of so many requests counts half as much: what few requests did says little of what is usual. */
const halfWeightRequests = 20;
/** Fewer faults a minute than these are nobody's anomaly, whatever their share is. */
const leastFaults = 5;
/** Nor is a share that is higher by less than this. */
const leastRise = 0.05;

/** Whether a minute's faults leave the band. */
export function isAnomalous(band: FaultBand, faults: number, total: number): boolean {
  return faults >= leastFaults && faults > expectedFaults(band, total).high;
}

/** The band in faults: mean, three standard deviations, and what chance alone does to a count. */
export function expectedFaults({ mean, variance }: FaultBand, total: number): { low: number; high: number } {
  const chance = (mean * (1 - mean)) / total;
  const spread = 3 * Math.sqrt(variance + chance);
  return {
    low: total * Math.max(0, mean - spread),
    high: total * Math.min(1, mean + Math.max(leastRise, spread)),
  };
}

/** The band after one more minute that was as usual. Anomalous minutes are not learnt: they would become usual. */
export function learn({ mean, variance }: FaultBand, faults: number, total: number): FaultBand {
  const weight = (busyWeight * total) / (total + halfWeightRequests);
  const difference = faults / total - mean;
  return {
    mean: mean + weight * difference,
    variance: (1 - weight) * (variance + weight * difference * difference),
  };
}
