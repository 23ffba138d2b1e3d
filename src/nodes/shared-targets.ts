import type { Log } from "../log.ts";
import {
  heardOfSeconds,
  maxClients,
  sortReports,
  type Targets,
  type TargetsAnswer,
  targetsFor,
} from "../sampling/answer-reports.ts";
import type { SamplingRule } from "../sampling/rule.ts";
import { type SamplingReport, type SamplingStatistics, windowSeconds } from "../sampling/statistics.ts";
import type { ClickHouse } from "../store/clickhouse/connect.ts";
import { insertOnce } from "./insert-once.ts";
import { tableName } from "./tables.ts";

/** Reports that come within this time go to the database together. */
const paceMs = 500;
const statisticsSeconds = 1_800;

/** Rule -> client -> its requests in ten seconds. */
type Weights = ReadonlyMap<string, Map<string, number>>;

interface WeightRow {
  readonly rule: string;
  readonly client: string;
  readonly weight: number;
}

interface StatisticsRow {
  readonly rule: string;
  readonly start: number;
  readonly requests: string;
  readonly sampled: string;
  readonly borrowed: string;
}

/**
 * Reservoirs shared by the samplers of all fluoroscopes on one database: reports are rows there, and shares go by what
 * all rows of the last minute say, on the database's clock. While it is away each rule is shared as was last known, so
 * that no node hands out a reservoir of its own.
 */
export class SharedTargets implements Targets {
  readonly #clickhouse: ClickHouse;
  readonly #log: Log;
  #weights: Weights = new Map();
  #waiting: SamplingReport[] = [];
  /** The exchange that takes what waits now. */
  #next: Promise<void> | undefined;
  #last: Promise<void> = Promise.resolve();
  #lastMs = 0;
  #isAway = false;

  constructor(clickhouse: ClickHouse, log: Log) {
    this.#clickhouse = clickhouse;
    this.#log = log;
  }

  async answer(
    reports: readonly SamplingReport[],
    rules: readonly SamplingRule[],
    nowSeconds: number,
  ): Promise<TargetsAnswer> {
    const { usable, unprocessed } = sortReports(reports, rules);
    if (usable.length > 0) {
      const shared = this.#share(usable);
      // Nobody waits for a server that was silent a moment ago.
      if (this.#isAway) this.#weights = withReporters(this.#weights, usable);
      else await shared;
    }
    const weightsOf = (name: string): ReadonlyMap<string, number> => this.#weights.get(name) ?? new Map();
    return { targets: targetsFor(usable, rules, weightsOf, nowSeconds), unprocessed };
  }

  async statistics(): Promise<SamplingStatistics[]> {
    const rows = await this.#clickhouse.rows<StatisticsRow>(
      `SELECT rule, intDiv(toUnixTimestamp(at), ${windowSeconds}) * ${windowSeconds} AS start,
        sum(requests) AS requests, sum(sampled) AS sampled, sum(borrowed) AS borrowed
      FROM ${this.#table} WHERE at >= now() - ${statisticsSeconds} GROUP BY start, rule ORDER BY start, rule`,
    );
    return rows.map(({ rule, start, requests, sampled, borrowed }) => ({
      ruleName: rule,
      startSeconds: Number(start),
      requestCount: Number(requests),
      sampledCount: Number(sampled),
      borrowCount: Number(borrowed),
    }));
  }

  get #table(): string {
    return tableName(this.#clickhouse, "shared_sampling_report");
  }

  /** Resolves when these reports are rows, and the weights are of a time after that. */
  #share(reports: readonly SamplingReport[]): Promise<void> {
    this.#waiting.push(...reports);
    this.#next ??= this.#last.then(async () => {
      const pauseMs = this.#lastMs + paceMs - Date.now();
      if (pauseMs > 0) await new Promise((resolve) => setTimeout(resolve, pauseMs));
      this.#next = undefined;
      this.#lastMs = Date.now();
      const reports = this.#waiting.splice(0);
      this.#last = this.#exchange(reports);
      await this.#last;
    });
    return this.#next;
  }

  async #exchange(reports: readonly SamplingReport[]): Promise<void> {
    try {
      await insertOnce(
        this.#clickhouse,
        "shared_sampling_report",
        reports.map((report) => ({
          rule: report.ruleName,
          client: report.clientId,
          requests: report.requestCount,
          sampled: report.sampledCount,
          borrowed: report.borrowCount,
        })),
      );
      this.#weights = await this.#readWeights();
      this.#isAway = false;
    } catch (error) {
      if (!this.#isAway) {
        const text = error instanceof Error ? error.message : String(error);
        this.#log.warn({ error: text }, "reservoirs are shared as was last known");
      }
      this.#isAway = true;
    }
    // Whoever reports has a share, even if its report did not get there.
    this.#weights = withReporters(this.#weights, reports);
  }

  /** A mean over the tens of seconds in which a client was heard of, as a newcomer counts as much as one of long standing. */
  async #readWeights(): Promise<Weights> {
    const rows = await this.#clickhouse.rows<WeightRow>(
      `SELECT rule, client, sum(requests) / uniqExact(intDiv(toUnixTimestamp(at), ${windowSeconds})) AS weight
      FROM ${this.#table} WHERE at >= now() - ${heardOfSeconds}
      GROUP BY rule, client ORDER BY max(at) DESC, client LIMIT ${maxClients} BY rule`,
    );
    const weights = new Map<string, Map<string, number>>();
    for (const { rule, client, weight } of rows) {
      weights.set(rule, (weights.get(rule) ?? new Map()).set(client, Number(weight)));
    }
    return weights;
  }
}

function withReporters(weights: Weights, reports: readonly SamplingReport[]): Weights {
  const all = new Map(weights);
  for (const { ruleName, clientId, requestCount } of reports) {
    const clients = all.get(ruleName) ?? new Map<string, number>();
    if (!clients.has(clientId) && clients.size < maxClients) clients.set(clientId, requestCount);
    all.set(ruleName, clients);
  }
  return all;
}
