import {
  heardOfSeconds,
  maxClients,
  sortReports,
  type Targets,
  type TargetsAnswer,
  targetsFor,
} from "./answer-reports.ts";
import type { SamplingRule } from "./rule.ts";
import { type SamplingReport, type SamplingStatistics, StatisticsWindows, windowSeconds } from "./statistics.ts";

/** The server's side of sampling: hears what clients did, and shares each rule's reservoir among them. State only. */
export class SamplingTargets implements Targets {
  /** Rule -> client -> its last minute. Clients in the order in which they were heard of. */
  readonly #clients = new Map<string, Map<string, ClientHistory>>();
  readonly #windows = new StatisticsWindows();

  /** Takes any number of reports and answers one target per rule and client. Reports about unknown rules come back. */
  answer(reports: readonly SamplingReport[], rules: readonly SamplingRule[], nowSeconds: number): TargetsAnswer {
    const known = new Set(rules.map(({ name }) => name));
    for (const name of this.#clients.keys()) if (!known.has(name)) this.#clients.delete(name);
    const { usable, unprocessed } = sortReports(reports, rules);
    for (const report of usable) this.#hear(report, nowSeconds);
    return { targets: targetsFor(usable, rules, (name) => this.#weights(name, nowSeconds), nowSeconds), unprocessed };
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

  #weights(ruleName: string, nowSeconds: number): ReadonlyMap<string, number> {
    const clients = [...(this.#clients.get(ruleName) ?? [])];
    return new Map(clients.map(([id, history]) => [id, history.requestsPerWindow(nowSeconds)]));
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
