import { createHash } from "node:crypto";
import type { Problem } from "../trace/problem.ts";

/** Header by which calls between fluoroscopes tell through which of them they have come. */
export const viaHeader = "x-fluoroscope-via";

/** The header for a call that is made on behalf of one that came with it, or of nobody. */
export function passedThrough(via: string | undefined, id: string): string {
  return via === undefined || via === "" ? id : `${via}, ${id}`;
}

/** Why a document is refused that has come back. */
export const cameBack: Problem = {
  code: "CameBack",
  path: "",
  message:
    "This was sent on from here and has come back: fluoroscopes forward to each other in a ring. " +
    "Take the --to or --upstream away that closes it.",
};

/** In each of two generations: some megabytes at most, and at 1,000 a second a minute or two to come back in. */
const mostRemembered = 50_000;

/**
 * Tells what has come back to the fluoroscope that sent it on, so that two which forward to each other end after one round.
 * Calls that are passed on as they are say where they have been; documents that wait and are packed anew on their way are
 * known by themselves, for a while.
 */
export class ReturnedDocuments {
  readonly id: string;
  readonly #remembers: boolean;
  #young = new Set<number>();
  #old = new Set<number>();

  /** `id` names this fluoroscope among all. `remembers`: documents are sent on from here, not only calls. */
  constructor(id: string, { remembers }: { readonly remembers: boolean }) {
    this.id = id;
    this.#remembers = remembers;
  }

  /** Remembers documents that are sent on. */
  sent(documents: readonly Uint8Array[]): void {
    if (!this.#remembers) return;
    for (const document of documents) {
      if (this.#young.size >= mostRemembered) {
        this.#old = this.#young;
        this.#young = new Set();
      }
      this.#young.add(digestOf(document));
    }
  }

  /** Whether a call with that header has been here before. */
  hasPassed(via: string | undefined): boolean {
    return via?.split(",").some((id) => id.trim() === this.id) ?? false;
  }

  /** Whether a document in a call with that header has been. A program that sends twice has no such header. */
  isBack(document: Uint8Array, via: string | undefined): boolean {
    if (via === undefined) return false;
    if (this.hasPassed(via)) return true;
    if (!this.#remembers) return false;
    const digest = digestOf(document);
    return this.#young.has(digest) || this.#old.has(digest);
  }
}

/** Forty-eight bits, a whole number: of a hundred thousand that are remembered one in three thousand million is mistaken. */
function digestOf(document: Uint8Array): number {
  return createHash("sha1").update(document).digest().readUIntBE(0, 6);
}
