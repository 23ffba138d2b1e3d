import type { Contender } from "./contender.ts";

/** What a figure must keep to. A ratio is ours to the original's. */
export type Limit =
  | { readonly kind: "ratioAtMost"; readonly value: number }
  | { readonly kind: "ratioAtLeast"; readonly value: number }
  | { readonly kind: "atMost"; readonly value: number };

/** One line of the table. */
export interface Figure {
  readonly label: string;
  readonly unit: string;
  /** What the original (3.6.6) took on two cores of the reference machine, where it was measured. */
  readonly original?: number;
  readonly limit?: Limit;
}

export interface RunOptions {
  readonly contender: Contender;
  /** Shorter loads, for a first look. */
  readonly isQuick: boolean;
}

/** A question to a daemon, answered by one number for each of its figures; undefined where it has none. */
export interface Question {
  readonly name: string;
  readonly figures: readonly Figure[];
  /** Times to ask; the median is the answer. What answers yes or no is asked once. */
  readonly runs: number;
  /** It asks for what the original does not have. */
  readonly isOursOnly?: boolean;
  /** Takes so long that it is asked only when it is named. */
  readonly isOnRequest?: boolean;
  ask(options: RunOptions): Promise<readonly (number | undefined)[]>;
}

export const ratioAtMost = (value: number): Limit => ({ kind: "ratioAtMost", value });
export const ratioAtLeast = (value: number): Limit => ({ kind: "ratioAtLeast", value });
export const atMost = (value: number): Limit => ({ kind: "atMost", value });
