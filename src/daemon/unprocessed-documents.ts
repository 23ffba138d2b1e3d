import type { Unprocessed } from "../forward/way-out.ts";
import { type KeptProblem, ProblemRing } from "../ingest/problem-ring.ts";

/** As `GET /api/problems` answers it. */
export interface Problems {
  /** Newest first. */
  readonly problems: readonly KeptProblem[];
  /** Since the start, by code. */
  readonly counts: Readonly<Record<string, number>>;
}

const shownProblems = 200;

/** Documents that another side would not take, kept with the reason as those that we refuse are. */
export class UnprocessedDocuments {
  readonly #ring: ProblemRing = new ProblemRing();
  readonly #now: () => number;

  constructor(now: () => number = Date.now) {
    this.#now = now;
  }

  keep(wayOut: string, { code, message, segmentId }: Unprocessed, document: Uint8Array): void {
    this.#ring.keep({ code, path: "", message }, document, wayOut, this.#now() / 1000, segmentId);
  }

  /** Together with what was refused at the door. */
  with(atDoor: Problems): Problems {
    const problems = [...this.#ring.list(), ...atDoor.problems].sort((a, b) => b.atSeconds - a.atSeconds);
    const counts: Record<string, number> = { ...atDoor.counts };
    for (const [code, count] of Object.entries(this.#ring.counts())) counts[code] = (counts[code] ?? 0) + count;
    return { problems: problems.slice(0, shownProblems), counts };
  }
}
