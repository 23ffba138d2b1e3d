/** How a reservoir let a request through: out of the quota, or as the one that is borrowed while there is no quota. */
export type Taken = "quota" | "borrowed";

/**
 * How many requests of each second one process records whatever the rate: its quota while that is valid, else one.
 * State only; the time is an argument.
 */
export class Reservoir {
  #second = Number.NaN;
  #takenThisSecond = 0;
  #quota = 0;
  #quotaUntilSeconds = Number.NEGATIVE_INFINITY;

  /** Gives the process its share until a time. */
  setQuota(quota: number, untilSeconds: number): void {
    this.#quota = quota;
    this.#quotaUntilSeconds = untilSeconds;
  }

  /** Takes one, if this second still has one. `mayBorrow` is false for a rule that has no reservoir at all. */
  take(nowSeconds: number, mayBorrow: boolean): Taken | undefined {
    const second = Math.floor(nowSeconds);
    if (second !== this.#second) {
      this.#second = second;
      this.#takenThisSecond = 0;
    }
    const hasQuota = nowSeconds <= this.#quotaUntilSeconds;
    const limit = hasQuota ? this.#quota : mayBorrow ? 1 : 0;
    if (this.#takenThisSecond >= limit) return undefined;
    this.#takenThisSecond += 1;
    return hasQuota ? "quota" : "borrowed";
  }
}
