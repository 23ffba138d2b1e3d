import { Session } from "node:inspector";

/** Tells whether source under `src/` has run that had not run before: V8 counts the blocks of code that it runs. */
export class NewCoverage {
  readonly #session: Session = new Session();

  start(): void {
    this.#session.connect();
    this.#session.post("Profiler.enable");
    // Not how often: each block is then told of once, when it has run for the first time.
    this.#session.post("Profiler.startPreciseCoverage", { callCount: false, detailed: true });
    this.take();
  }

  /** Blocks that have run for the first time since this was asked last. */
  take(): number {
    let blocks = 0;
    this.#session.post("Profiler.takePreciseCoverage", (error, coverage) => {
      if (error !== null) throw error;
      for (const { url, functions } of coverage.result) {
        if (!url.includes("/src/") || url.includes("/node_modules/")) continue;
        for (const { ranges } of functions) blocks += ranges.filter(({ count }) => count > 0).length;
      }
    });
    return blocks;
  }

  stop(): void {
    this.#session.post("Profiler.stopPreciseCoverage");
    this.#session.disconnect();
  }
}
