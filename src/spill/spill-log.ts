/**
 * Documents on disk that could not be sent yet, in the order in which they came. What `append` has resolved for survives
 * `kill -9` and, as far as disk and file system keep their promises, a power failure. Each document is handed out at
 * least once.
 */
export interface SpillLog {
  /** Documents that an earlier run had left when this one opened, those among them that are damaged included. */
  readonly found: number;
  /**
   * Writes documents as one pack. Resolves when they are on disk; rejects with `FLUORO_SPILL_WRITE` when they are not,
   * and so does everything that waits behind them, so that order survives. Concurrent calls share one `fsync`.
   */
  append(documents: readonly Uint8Array[]): Promise<void>;
  /** As `append`, for a pack that stays in memory: `read` passes over it, and the ticket says when it is delivered. */
  appendHeld(documents: readonly Uint8Array[]): Promise<SpillTicket>;
  /** The oldest pack that was not handed out yet, or `undefined` when there is none (or none can be read just now). */
  read(): Promise<SpilledPack | undefined>;
  /** The pack was delivered, or given up. What is not released is handed out again by the next run. */
  release(ticket: SpillTicket): void;
  figures(): SpillFigures;
  /** May be called twice. */
  close(): Promise<void>;
}

/** A pack as it comes back from disk. */
export interface SpilledPack {
  readonly documents: readonly Uint8Array[];
  readonly ticket: SpillTicket;
}

/** Stands for one pack on disk. */
export interface SpillTicket {
  /** Number of its first document, counted since the folder was begun. */
  readonly first: number;
  readonly count: number;
}

/** What is on disk, and what was lost there, in documents. */
export interface SpillFigures {
  /** Neither handed out nor lost. */
  readonly unread: number;
  /** Size of all files. */
  readonly bytes: number;
  /** Evicted, the oldest first, to keep to the bound. */
  readonly evicted: number;
  /** On disk once, but not readable any more. */
  readonly damaged: number;
}
