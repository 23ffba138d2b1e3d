import { costOf, type Pack } from "./pack.ts";

/** Packs in order, the oldest first, and what they cost in memory. */
export class PackQueue {
  #packs: (Pack | undefined)[] = [];
  #head = 0;
  #cost = 0;

  get length(): number {
    return this.#packs.length - this.#head;
  }

  get cost(): number {
    return this.#cost;
  }

  push(pack: Pack): void {
    this.#packs.push(pack);
    this.#cost += costOf(pack);
  }

  /** Puts packs before all others, in the order given. */
  unshift(...packs: readonly Pack[]): void {
    this.#packs.splice(0, this.#head, ...packs);
    this.#head = 0;
    for (const pack of packs) this.#cost += costOf(pack);
  }

  /** Puts one that was sent in vain back in its place: before what was not sent yet, or was sent later. */
  putBack(pack: Pack): void {
    let index = this.#head;
    for (let each = this.#packs[index]; isBefore(each, pack); each = this.#packs[index]) index += 1;
    this.#packs.splice(index, 0, pack);
    this.#cost += costOf(pack);
  }

  shift(): Pack | undefined {
    const pack = this.#packs[this.#head];
    if (pack === undefined) return undefined;
    this.#packs[this.#head] = undefined;
    this.#head += 1;
    this.#cost -= costOf(pack);
    // Moving what is left up costs less than it has cost to come here.
    if (this.#head > 32 && this.#head * 2 > this.#packs.length) {
      this.#packs = this.#packs.slice(this.#head);
      this.#head = 0;
    }
    return pack;
  }

  /** The oldest ones, of about so much cost together: one at least. */
  take(cost: number): Pack[] {
    const taken: Pack[] = [];
    const until = this.#cost - cost;
    for (let pack = this.shift(); pack !== undefined; pack = this.#cost > until ? this.shift() : undefined) {
      taken.push(pack);
    }
    return taken;
  }

  /** Takes those out for which it holds. */
  remove(holds: (pack: Pack) => boolean): Pack[] {
    const all = this.takeAll();
    for (const pack of all) if (!holds(pack)) this.push(pack);
    return all.filter(holds);
  }

  /** Takes out the oldest one for which it holds. */
  removeFirst(holds: (pack: Pack) => boolean): Pack | undefined {
    const index = this.#packs.findIndex((pack) => pack !== undefined && holds(pack));
    if (index === -1) return undefined;
    if (index === this.#head) return this.shift();
    const [pack] = this.#packs.splice(index, 1);
    this.#cost -= costOf(pack!);
    return pack;
  }

  takeAll(): Pack[] {
    const packs = this.#packs.slice(this.#head) as Pack[];
    this.#packs = [];
    this.#head = 0;
    this.#cost = 0;
    return packs;
  }
}

function isBefore(each: Pack | undefined, { place = 0 }: Pack): boolean {
  return each?.place !== undefined && each.place < place;
}
