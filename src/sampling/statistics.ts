/** What one client did under one rule since its last report. */
export interface SamplingReport {
  readonly ruleName: string;
  /** 24 hex digits, one value per process. */
  readonly clientId: string;
  readonly timestampSeconds: number;
  readonly requestCount: number;
  /** Without the borrowed ones, as the SDKs count. */
  readonly sampledCount: number;
  readonly borrowCount: number;
}

/** What all clients together did under one rule in ten seconds. */
export interface SamplingStatistics {
  readonly ruleName: string;
  /** When the ten seconds began. */
  readonly startSeconds: number;
  readonly requestCount: number;
  readonly sampledCount: number;
  readonly borrowCount: number;
}

/** Length of a window; SDKs report as often. */
export const windowSeconds = 10;
const keptSeconds = 1_800;

/** Adds up the reports of all clients by rule and window, for half an hour. Windows go by our clock, not by theirs. */
export class StatisticsWindows {
  /** Window -> rule -> sums; windows in the order of time. */
  readonly #windows = new Map<number, Map<string, SamplingStatistics>>();

  add(report: SamplingReport, nowSeconds: number): void {
    this.#drop(nowSeconds);
    const { ruleName } = report;
    const startSeconds = Math.floor(nowSeconds / windowSeconds) * windowSeconds;
    const rules = this.#windows.get(startSeconds) ?? new Map<string, SamplingStatistics>();
    this.#windows.set(startSeconds, rules);
    const before = rules.get(ruleName) ?? { requestCount: 0, sampledCount: 0, borrowCount: 0 };
    rules.set(ruleName, {
      ruleName,
      startSeconds,
      requestCount: before.requestCount + report.requestCount,
      sampledCount: before.sampledCount + report.sampledCount,
      borrowCount: before.borrowCount + report.borrowCount,
    });
  }

  /** All sums that are kept, oldest first. */
  list(nowSeconds: number): SamplingStatistics[] {
    this.#drop(nowSeconds);
    return [...this.#windows.values()].flatMap((rules) => [...rules.values()]);
  }

  #drop(nowSeconds: number): void {
    for (const startSeconds of this.#windows.keys()) {
      if (startSeconds < nowSeconds - keptSeconds) this.#windows.delete(startSeconds);
    }
  }
}
