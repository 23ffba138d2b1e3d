const boundsSeconds = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, Number.POSITIVE_INFINITY];

/** How long answers took, as Prometheus counts it. */
export class Latency {
  readonly #counts: number[] = boundsSeconds.map(() => 0);
  #sum = 0;

  observe(seconds: number): void {
    this.#sum += seconds;
    this.#counts[boundsSeconds.findIndex((bound) => seconds <= bound)]! += 1;
  }

  figures(): { buckets: [seconds: number, count: number][]; sum: number } {
    let below = 0;
    const buckets = boundsSeconds.map((bound, index): [number, number] => {
      below += this.#counts[index]!;
      return [bound, below];
    });
    return { buckets, sum: this.#sum };
  }
}
