import type { Config } from "../config.ts";

/** One thing that was looked at: as it should be, worth knowing, or in the way. */
export interface Finding {
  readonly kind: "fine" | "note" | "trouble";
  /** What was looked at, in a word or two. */
  readonly subject: string;
  /** What was found, one sentence. */
  readonly text: string;
  /** What to do about it, one sentence; whatever is not fine has one. */
  readonly remedy?: string;
}

/** What checks look at. */
export interface Patient {
  readonly config: Config;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** What answers at the configured address, where that is a fluoroscope. */
  readonly running?: Running | undefined;
}

/** What a running fluoroscope says of itself, as far as it matters here. */
export interface Running {
  readonly version: string;
  readonly refused: number;
  readonly dropped: number;
  readonly lostBySystem: number | undefined;
}
