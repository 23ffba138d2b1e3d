import { StoreError } from "../errors.ts";
import type { Log } from "../log.ts";
import { openSpillLog, type SpillLog, type SpillTicket } from "../spill/spill-log.ts";
import type { Decision } from "./decide.ts";

/** Documents that were written together, and how many of them are still needed. */
export interface Pack {
  readonly ticket: SpillTicket | undefined;
  left: number;
}

export type DecidedTrace = readonly [traceId: string, decision: Decision];

/** What an earlier run left, in the order in which it was written. */
export type Found =
  | { readonly documents: readonly Uint8Array[]; readonly pack: Pack }
  | { readonly decided: readonly DecidedTrace[] };

/** The first byte of a note of decisions: no JSON begins with it. */
const noteMark = 0;

/**
 * Documents that wait for a decision, on disk: what was acknowledged survives `kill -9`. Decisions are noted behind them, so
 * that the next run neither decides a trace by the rest of its documents nor forgets what late ones have to follow. The
 * files are a spill's, which gives up each when nothing in it and before it is needed.
 */
export class HoldLog {
  readonly #spill: SpillLog;

  constructor(spill: SpillLog) {
    this.#spill = spill;
  }

  static async open(folder: string, log: Log): Promise<HoldLog> {
    try {
      return new HoldLog(await openSpillLog({ folder, maxBytes: Number.POSITIVE_INFINITY, log }));
    } catch (cause) {
      const reason = cause instanceof Error ? cause.message : String(cause);
      const message =
        `The folder ${folder}, where traces wait for tail sampling, cannot be used: ${reason} ` +
        "Mend that, name another --data-dir, or leave --keep and --keep-rest out.";
      throw new StoreError("FLUORO_STORE_WRITE", message, { cause, retryable: false });
    }
  }

  /** Everything that an earlier run has not released. To be asked once, before anything is held. */
  async *found(): AsyncGenerator<Found> {
    for (let read = await this.#spill.read(); read !== undefined; read = await this.#spill.read()) {
      const { documents, ticket } = read;
      if (documents[0]?.[0] === noteMark) {
        yield { decided: readNote(documents[0]) };
        this.#spill.release(ticket);
      } else {
        yield { documents, pack: { ticket, left: documents.length } };
      }
    }
  }

  /** Resolves when the documents are on disk; rejects with a `StoreError` when they are not. */
  async hold(documents: readonly Uint8Array[]): Promise<Pack> {
    const ticket = await retryable(this.#spill.appendHeld(documents));
    return { ticket, left: documents.length };
  }

  /** Notes what was decided, before the documents are released for which that holds. */
  async note(decided: readonly DecidedTrace[]): Promise<void> {
    const note = Buffer.concat([Buffer.of(noteMark), Buffer.from(JSON.stringify(decided))]);
    const ticket = await retryable(this.#spill.appendHeld([note]));
    this.#spill.release(ticket);
  }

  /** So many documents of the pack are not needed any more. */
  release(pack: Pack, documents = 1): void {
    pack.left -= documents;
    if (pack.left === 0 && pack.ticket !== undefined) this.#spill.release(pack.ticket);
  }

  close(): Promise<void> {
    return this.#spill.close();
  }
}

function readNote(bytes: Uint8Array): readonly DecidedTrace[] {
  // Written by `note`, and whole: the record's sum was checked.
  return JSON.parse(Buffer.from(bytes.subarray(1)).toString()) as DecidedTrace[];
}

/** The disk may have room again: the door tries what nobody waits for until it has. */
async function retryable<T>(writing: Promise<T>): Promise<T> {
  try {
    return await writing;
  } catch (cause) {
    const message = cause instanceof Error ? cause.message : String(cause);
    throw new StoreError("FLUORO_STORE_WRITE", message, { cause, retryable: true });
  }
}
