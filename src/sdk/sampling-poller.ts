import { diag } from "@opentelemetry/api";
import type { SamplingRule } from "../sampling/rule.ts";
import type { Sampler } from "../sampling/sampler.ts";
import type { SamplingReport } from "../sampling/statistics.ts";
import { askDaemon, type DaemonEndpoint } from "./ask-daemon.ts";
import { readRulesPage, readTargets } from "./read-sampling-answers.ts";

const rulesEveryMs = 300_000;
const targetsEveryMs = 10_000;
/** No account has as many rules as this many pages hold; a server that always names a next page must not keep us. */
const maxPages = 50;

export interface PollerOptions {
  readonly endpoint: DaemonEndpoint;
  /** Says a question of X-Ray's API and answers what was answered. */
  readonly ask?: (endpoint: DaemonEndpoint, path: string, question: unknown) => Promise<unknown>;
  readonly random?: () => number;
}

/**
 * Keeps a sampler in step with a daemon: rules each five minutes, reports for targets each ten seconds. What fails is
 * tried again at the next turn; the sampler goes on with what it has.
 */
export class SamplingPoller {
  readonly #sampler: Sampler;
  readonly #endpoint: DaemonEndpoint;
  readonly #ask: NonNullable<PollerOptions["ask"]>;
  readonly #random: () => number;
  #timers: NodeJS.Timeout[] = [];
  #state: "new" | "started" | "closed" = "new";
  #isFetching = false;

  constructor(sampler: Sampler, { endpoint, ask = askDaemon, random = Math.random }: PollerOptions) {
    this.#sampler = sampler;
    this.#endpoint = endpoint;
    this.#ask = ask;
    this.#random = random;
  }

  /** The first call starts it, the others do nothing. Nobody waits for it, and it keeps no process alive. */
  start(): void {
    if (this.#state !== "new") return;
    this.#state = "started";
    // Not within the request that asks for a decision.
    setImmediate(() => this.fetchRules()).unref();
    // Many processes start at one time: they should not ask at one time for ever.
    this.#timers = [
      setInterval(() => this.fetchRules(), rulesEveryMs + this.#random() * 5_000),
      setInterval(() => this.report(), targetsEveryMs + this.#random() * 100),
    ];
    for (const timer of this.#timers) timer.unref();
  }

  close(): void {
    this.#state = "closed";
    for (const timer of this.#timers) clearInterval(timer);
  }

  /** Takes all rules, if all pages come. */
  async fetchRules(): Promise<void> {
    if (this.#isFetching || this.#state === "closed") return;
    this.#isFetching = true;
    try {
      this.#sampler.applyRules(await this.#allRules(), Date.now() / 1_000);
    } catch (error) {
      diag.debug("fluoroscope-sdk: no sampling rules from the daemon", error);
    } finally {
      this.#isFetching = false;
    }
  }

  /** Tells what was decided since the last report, and takes the targets. */
  async report(): Promise<void> {
    for (const reports of this.#sampler.report(Date.now() / 1_000)) {
      if (this.#state === "closed") return;
      try {
        const question = { SamplingStatisticsDocuments: reports.map(toWire) };
        const answer = await this.#ask(this.#endpoint, "/SamplingTargets", question);
        if (this.#sampler.applyTargets(readTargets(answer))) await this.fetchRules();
      } catch (error) {
        diag.debug("fluoroscope-sdk: no sampling targets from the daemon", error);
      }
    }
  }

  async #allRules(): Promise<SamplingRule[]> {
    const rules: SamplingRule[] = [];
    let nextToken: string | undefined;
    for (let page = 0; page < maxPages; page += 1) {
      const question = nextToken === undefined ? {} : { NextToken: nextToken };
      const answer = readRulesPage(await this.#ask(this.#endpoint, "/GetSamplingRules", question));
      rules.push(...answer.rules);
      nextToken = answer.nextToken;
      if (nextToken === undefined) break;
    }
    return rules;
  }
}

function toWire(report: SamplingReport): Readonly<Record<string, unknown>> {
  return {
    RuleName: report.ruleName,
    ClientID: report.clientId,
    Timestamp: report.timestampSeconds,
    RequestCount: report.requestCount,
    SampledCount: report.sampledCount,
    BorrowCount: report.borrowCount,
  };
}
