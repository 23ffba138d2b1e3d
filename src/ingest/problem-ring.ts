import type { Problem } from "../trace/problem.ts";

/** A refused document as people are shown it. The code is ours, or another side's. */
export interface KeptProblem extends Found {
  readonly atSeconds: number;
  readonly source: string;
  readonly segmentId?: string;
  /** The first 2 KB. */
  readonly document: string;
}

interface Found extends Omit<Problem, "code"> {
  readonly code: string;
}

interface Slot extends Found {
  readonly atSeconds: number;
  readonly source: string;
  readonly segmentId: string | undefined;
  readonly head: Uint8Array;
}

const keptProblems = 200;
const keptBytes = 2048;

/** The newest 200 problems and how many there were of each code. Text is made when somebody looks, not when noise comes in. */
export class ProblemRing {
  readonly #slots: Slot[] = [];
  readonly #counts: Map<string, number> = new Map();
  #next = 0;

  keep(problem: Found, document: Uint8Array, source: string, atSeconds: number, segmentId?: string): void {
    this.#counts.set(problem.code, (this.#counts.get(problem.code) ?? 0) + 1);
    const { code, path, message } = problem;
    // A copy: the view would hold the whole datagram, or the whole batch, in memory.
    const head = document.slice(0, keptBytes);
    this.#slots[this.#next] = { code, path, message, atSeconds, source, segmentId, head };
    this.#next = (this.#next + 1) % keptProblems;
  }

  /** Newest first. */
  list(): KeptProblem[] {
    const inOrder = [...this.#slots.slice(this.#next), ...this.#slots.slice(0, this.#next)];
    return inOrder.reverse().map(({ head, segmentId, ...slot }) => ({
      ...slot,
      ...(segmentId !== undefined && { segmentId }),
      document: new TextDecoder().decode(head),
    }));
  }

  /** Problems since the start by code. */
  counts(): Readonly<Record<string, number>> {
    return Object.fromEntries(this.#counts);
  }
}
