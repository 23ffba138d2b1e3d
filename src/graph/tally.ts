const empty = -1;

/**
 * Counts how often each whole number from 0 on was seen; what was counted can be taken back. A flat table with linear
 * probing: half the cost of a Map where a graph is folded from millions of durations.
 */
export class Tally {
  /** Pairs of number and count. A count of 0 is a number that was taken back. */
  private slots: number[] = [];
  private used = 0;
  private shift = 32;

  add(value: number, count: number): void {
    const slots = this.slots;
    if (slots.length > 0) {
      const last = slots.length - 2;
      let at = (Math.imul(value, 0x9e3779b1) >>> this.shift) << 1;
      for (let key = slots[at]; key !== empty; key = slots[at]) {
        if (key === value) {
          slots[at + 1]! += count;
          return;
        }
        at = (at + 2) & last;
      }
      if (this.used * 8 < slots.length * 3) {
        slots[at] = value;
        slots[at + 1] = count;
        this.used += 1;
        return;
      }
    }
    this.grow(1);
    this.add(value, count);
  }

  /** How often the number is counted now. */
  count(value: number): number {
    const { slots } = this;
    if (slots.length === 0) return 0;
    let at = (Math.imul(value, 0x9e3779b1) >>> this.shift) << 1;
    for (let key = slots[at]; key !== empty; key = slots[at]) {
      if (key === value) return slots[at + 1]!;
      at = (at + 2) & (slots.length - 2);
    }
    return 0;
  }

  /** The numbers counted now, ascending. */
  values(): Float64Array {
    const found = new Float64Array(this.used);
    let length = 0;
    this.forEach((value) => {
      found[length] = value;
      length += 1;
    });
    return found.subarray(0, length).sort();
  }

  /** What is counted now, ascending. */
  entries(): [value: number, count: number][] {
    return Array.from(this.values(), (value) => [value, this.count(value)]);
  }

  get isEmpty(): boolean {
    return this.used === 0;
  }

  /** Makes room for so many more numbers at once. */
  reserve(more: number): void {
    if (more > 0 && (this.used + more) * 8 >= this.slots.length * 3) this.grow(more);
  }

  /** In no particular order. */
  forEach(visit: (value: number, count: number) => void): void {
    const slots = this.slots;
    for (let at = 0; at < slots.length; at += 2) {
      if (slots[at + 1] !== 0) visit(slots[at]!, slots[at + 1]!);
    }
  }

  addAll(other: Tally): void {
    const { slots } = other;
    for (let at = 0; at < slots.length; at += 2) {
      if (slots[at + 1] !== 0) this.add(slots[at]!, slots[at + 1]!);
    }
  }

  /** The smallest number counted now; infinity when there is none. */
  least(): number {
    let least = Number.POSITIVE_INFINITY;
    this.forEach((value) => {
      if (value < least) least = value;
    });
    return least;
  }

  /** The greatest number counted now; minus infinity when there is none. */
  greatest(): number {
    let greatest = Number.NEGATIVE_INFINITY;
    this.forEach((value) => {
      if (value > greatest) greatest = value;
    });
    return greatest;
  }

  /** Makes room, and drops the numbers that were taken back. */
  private grow(more: number): void {
    const before = this.slots;
    let live = 0;
    for (let at = 1; at < before.length; at += 2) if (before[at] !== 0) live += 1;
    let size = 4;
    while (size < (live + more) * 1.5) size *= 2;
    this.shift = 32 - Math.log2(size);
    this.used = 0;
    const slots: number[] = new Array(size * 2).fill(0);
    for (let at = 0; at < slots.length; at += 2) slots[at] = empty;
    this.slots = slots;
    for (let at = 0; at < before.length; at += 2) {
      if (before[at + 1] !== 0) this.add(before[at]!, before[at + 1]!);
    }
  }
}
