import type { AnnotationValue } from "../trace/segment.ts";

/** What traces can be told apart by. */
export type FacetKind = "service" | "operation" | "outcome" | "status" | "exception" | "user" | "annotation";

/** One attribute, and how many traces have which value of it. */
export interface Facet {
  readonly kind: FacetKind;
  /** Of an annotation. */
  readonly key?: string;
  /** Traces that have any value of it. */
  readonly traces: number;
  /** Values that were told apart; with `isOpen` there are more. */
  readonly distinct: number;
  readonly isOpen: boolean;
  /** The commonest first. */
  readonly values: readonly FacetValue[];
}

export interface FacetValue extends Named {
  readonly traces: number;
  /** Of these, with a fault, an error or a throttle at their entry. */
  readonly failing: number;
}

/** A value by what an expression needs to name it. */
export interface Named {
  /** A service's name, a user, a status, an annotation's value, an outcome, an exception's type, or a URL. */
  readonly value: AnnotationValue;
  /** Of an operation. */
  readonly method?: string;
  /** The operation's URLs only begin like this: an id or a query follows. */
  readonly goesOn?: true;
  /** Of an exception: what it says, and what it is the root cause of. */
  readonly message?: string;
  readonly family?: "fault" | "error";
}

interface Count {
  readonly named: Named;
  traces: number;
  failing: number;
  /** The last trace that was counted, since one may have a value more than once. */
  last: number;
}

/** A trace on its way to the counters: its number, since it may have a value more than once, and what it counts for. */
export interface Counted {
  readonly number: number;
  readonly fails: boolean;
  /** How many traces it stands for. */
  readonly weight: number;
}

/** How many values of one attribute are told apart; what comes after them is counted as having some value. */
const mostValues = 1_000;

/** Counts the values of one attribute. */
export class FacetCounter {
  readonly #counts = new Map<AnnotationValue, Count>();
  readonly #kind: FacetKind;
  readonly #key: string | undefined;
  #traces = 0;
  #last = -1;
  #isOpen = false;

  constructor(kind: FacetKind, key?: string) {
    this.#kind = kind;
    this.#key = key;
  }

  /** Notes a value of the trace. `identity` tells values apart where `value` alone does not. */
  add({ number, fails, weight }: Counted, named: Named, identity: AnnotationValue = named.value): void {
    if (this.#last !== number) {
      this.#last = number;
      this.#traces += weight;
    }
    let count = this.#counts.get(identity);
    if (count === undefined) {
      if (this.#counts.size >= mostValues) {
        this.#isOpen = true;
        return;
      }
      count = { named, traces: 0, failing: 0, last: -1 };
      this.#counts.set(identity, count);
    }
    if (count.last === number) return;
    count.last = number;
    count.traces += weight;
    if (fails) count.failing += weight;
  }

  /** The `most` commonest values. */
  facet(most: number): Facet {
    const inOrder = [...this.#counts].sort(([a, one], [b, other]) => other.traces - one.traces || byText(a, b));
    const values = inOrder.slice(0, most).map(([, { named, traces, failing }]) => ({ ...named, traces, failing }));
    return {
      kind: this.#kind,
      ...(this.#key !== undefined && { key: this.#key }),
      traces: this.#traces,
      distinct: this.#counts.size,
      isOpen: this.#isOpen,
      values,
    };
  }
}

/** By code units, the same wherever it is done; of one text, by type. */
function byText(a: AnnotationValue, b: AnnotationValue): number {
  const [one, other] = [`${a} ${typeof a}`, `${b} ${typeof b}`];
  return one < other ? -1 : one > other ? 1 : 0;
}
