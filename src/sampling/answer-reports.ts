import type { SamplingRule } from "./rule.ts";
import { shareReservoir } from "./share-reservoir.ts";
import { type SamplingReport, type SamplingStatistics, windowSeconds } from "./statistics.ts";

/** What a client is to do under one rule until it reports again. */
export interface SamplingTarget {
  readonly ruleName: string;
  readonly fixedRate: number;
  /** The client's share of the rule's reservoir. */
  readonly reservoirQuota: number;
  /** How long the share is valid. */
  readonly reservoirTtlSeconds: number;
  readonly intervalSeconds: number;
}

/** A report that could not be used. SDKs fetch the rules anew for codes that begin with 4. */
export interface UnprocessedReport {
  readonly ruleName: string;
  readonly errorCode: string;
  readonly message: string;
}

export interface TargetsAnswer {
  readonly targets: readonly SamplingTarget[];
  readonly unprocessed: readonly UnprocessedReport[];
}

/** Hears what samplers did and shares reservoirs among them: those of one process, or of all that share a store. */
export interface Targets {
  /** Takes any number of reports and answers one target per rule and client. Reports about unknown rules come back. */
  answer(
    reports: readonly SamplingReport[],
    rules: readonly SamplingRule[],
    nowSeconds: number,
  ): TargetsAnswer | Promise<TargetsAnswer>;
  /** What all clients did, by rule and ten seconds, for half an hour. */
  statistics(nowSeconds: number): readonly SamplingStatistics[] | Promise<readonly SamplingStatistics[]>;
}

/** A client that has been silent for so long has no share. */
export const heardOfSeconds = 60;
/** A rule's clients beyond this many push out the one that has been silent longest. */
export const maxClients = 1_000;
const ttlSeconds = 300;

/** The reports that can be used, and what is to be said of the others. */
export function sortReports(
  reports: readonly SamplingReport[],
  rules: readonly SamplingRule[],
): { usable: SamplingReport[]; unprocessed: UnprocessedReport[] } {
  const known = new Set(rules.map(({ name }) => name));
  const usable: SamplingReport[] = [];
  const unprocessed: UnprocessedReport[] = [];
  for (const report of reports) {
    const reason = known.has(report.ruleName) ? brokenReport(report) : "There is no such rule";
    if (reason === undefined) usable.push(report);
    else unprocessed.push({ ruleName: report.ruleName, errorCode: "400", message: reason });
  }
  return { usable, unprocessed };
}

/** Targets for those who reported: each rule's reservoir is shared by what all its clients asked for lately. */
export function targetsFor(
  usable: readonly SamplingReport[],
  rules: readonly SamplingRule[],
  /** By client: its requests in ten seconds. */
  weightsOf: (ruleName: string) => ReadonlyMap<string, number>,
  nowSeconds: number,
): SamplingTarget[] {
  const byName = new Map(rules.map((rule) => [rule.name, rule]));
  const asking = new Map<string, Set<string>>();
  for (const { ruleName, clientId } of usable) {
    asking.set(ruleName, (asking.get(ruleName) ?? new Set()).add(clientId));
  }
  return [...asking].flatMap(([ruleName, clientIds]) => {
    const rule = byName.get(ruleName)!;
    // By id, so that equal claims are settled in the same way each time.
    const clients = [...weightsOf(ruleName)].toSorted(([a], [b]) => (a < b ? -1 : 1));
    const shares = shareReservoir(
      rule.reservoirSize,
      clients.map(([, weight]) => weight),
    );
    return clients.flatMap(([id], index) => {
      if (!clientIds.has(id)) return [];
      return {
        ruleName,
        fixedRate: rule.fixedRate,
        reservoirQuota: shares[index]!,
        reservoirTtlSeconds: Math.floor(nowSeconds) + ttlSeconds,
        intervalSeconds: windowSeconds,
      };
    });
  });
}

function brokenReport({ requestCount, sampledCount, borrowCount }: SamplingReport): string | undefined {
  const isCount = (value: number): boolean => Number.isSafeInteger(value) && value >= 0;
  return [requestCount, sampledCount, borrowCount].every(isCount)
    ? undefined
    : "RequestCount, SampledCount and BorrowCount must be whole numbers, 0 or more";
}
