import type { SamplingRule } from "./rule.ts";
import { shareReservoir } from "./share-reservoir.ts";
import { type SamplingReport, type SamplingStatistics, StatisticsWindows, windowSeconds } from "./statistics.ts";

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

const heardOfSeconds = 60;
const ttlSeconds = 300;
/** A rule's clients beyond this many push out the one that has been silent longest. */
const maxClients = 1_000;

/** The server's side of sampling: hears what clients did, and shares each rule's reservoir among them. State only. */
export class SamplingTargets {
  /** Rule -> client -> its last minute. Clients in the order in which they were heard of. */
  readonly #clients = new Map<string, Map<string, ClientHistory>>();
  readonly #windows = new StatisticsWindows();

  /** Takes any number of reports and answers one target per rule and client. Reports about unknown rules come back. */
  answer(reports: readonly SamplingReport[], rules: readonly SamplingRule[], nowSeconds: number): TargetsAnswer {
    const known = new Map(rules.map((rule) => [rule.name, rule]));
    for (const name of this.#clients.keys()) if (!known.has(name)) this.#clients.delete(name);

    const unprocessed: UnprocessedReport[] = [];
    const asking = new Map<SamplingRule, Set<string>>();
    for (const report of reports) {
      const rule = known.get(report.ruleName);
      const reason = rule ? brokenReport(report) : "There is no such rule";
      if (rule === undefined || reason !== undefined) {
        unprocessed.push({ ruleName: report.ruleName, errorCode: "400", message: reason ?? "" });
        continue;
      }
      this.#hear(report, nowSeconds);
      asking.set(rule, (asking.get(rule) ?? new Set()).add(report.clientId));
    }
    const targets = [...asking].flatMap(([rule, clientIds]) => this.#targets(rule, clientIds, nowSeconds));
    return { targets, unprocessed };
  }

  /** What all clients did, by rule and ten seconds, for half an hour. */
  statistics(nowSeconds: number): SamplingStatistics[] {
    return this.#windows.list(nowSeconds);
  }

  #hear(report: SamplingReport, nowSeconds: number): void {
    this.#windows.add(report, nowSeconds);
    const clients = this.#clients.get(report.ruleName) ?? new Map<string, ClientHistory>();
    this.#clients.set(report.ruleName, clients);
    const history = clients.get(report.clientId) ?? new ClientHistory();
    history.add(report.requestCount, nowSeconds);
    clients.delete(report.clientId);
    clients.set(report.clientId, history);
    for (const [id, { heardSeconds }] of clients) {
      if (heardSeconds >= nowSeconds - heardOfSeconds && clients.size <= maxClients) break;
      clients.delete(id);
    }
  }

  #targets(rule: SamplingRule, clientIds: ReadonlySet<string>, nowSeconds: number): SamplingTarget[] {
    // By id, so that equal claims are settled in the same way each time.
    const clients = [...this.#clients.get(rule.name)!].toSorted(([a], [b]) => (a < b ? -1 : 1));
    const weights = clients.map(([, history]) => history.requestsPerWindow(nowSeconds));
    const shares = shareReservoir(rule.reservoirSize, weights);
    return clients.flatMap(([id], index) => {
      if (!clientIds.has(id)) return [];
      return {
        ruleName: rule.name,
        fixedRate: rule.fixedRate,
        reservoirQuota: shares[index]!,
        reservoirTtlSeconds: Math.floor(nowSeconds) + ttlSeconds,
        intervalSeconds: windowSeconds,
      };
    });
  }
}

/**
 * A quota's time-to-live as a client can read it: epoch seconds, as AWS answers. X-Ray's Node SDK takes the number for
 * milliseconds and so would never use a quota. It sends no User-Agent, and gets milliseconds. OpenTelemetry's sampler
 * for Node sends none either and does read seconds, but numbers only: it then keeps a quota until the next one comes.
 */
export function reservoirTtlFor(userAgent: string | undefined, ttlSeconds: number): number {
  return userAgent ? ttlSeconds : ttlSeconds * 1000;
}

/** The requests of a client's last minute. */
class ClientHistory {
  heardSeconds = Number.NEGATIVE_INFINITY;
  readonly #requests = new Map<number, number>();

  add(requestCount: number, nowSeconds: number): void {
    this.heardSeconds = nowSeconds;
    const window = Math.floor(nowSeconds / windowSeconds);
    this.#requests.set(window, (this.#requests.get(window) ?? 0) + requestCount);
    this.#drop(nowSeconds);
  }

  /** A mean, so that a newcomer counts as much as one who has been here for long. */
  requestsPerWindow(nowSeconds: number): number {
    this.#drop(nowSeconds);
    const counts = [...this.#requests.values()];
    return counts.length === 0 ? 0 : counts.reduce((sum, count) => sum + count, 0) / counts.length;
  }

  #drop(nowSeconds: number): void {
    for (const window of this.#requests.keys()) {
      if (window * windowSeconds < nowSeconds - heardOfSeconds) this.#requests.delete(window);
    }
  }
}

function brokenReport({ requestCount, sampledCount, borrowCount }: SamplingReport): string | undefined {
  const isCount = (value: number): boolean => Number.isSafeInteger(value) && value >= 0;
  return [requestCount, sampledCount, borrowCount].every(isCount)
    ? undefined
    : "RequestCount, SampledCount and BorrowCount must be whole numbers, 0 or more";
}
