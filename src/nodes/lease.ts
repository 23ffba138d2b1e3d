import { randomUUID } from "node:crypto";
import type { DocumentStore } from "../settings/document-store.ts";

/** Work that one of many processes does, and who does it at present. */
export interface Lease {
  /** Absent: nobody yet. */
  readonly holder?: string;
  readonly untilSeconds: number;
}

/** Before anybody held it. */
export const freeLease: Lease = { untilSeconds: 0 };

/** When its holder is gone, another has the work so much later. */
const leaseSeconds = 60;
/** Renewed when less than this is left, so that clocks may differ by seconds. */
const renewSeconds = 35;

/** Asks, and answers whether the work is this process's for now: taken when it is free, kept as long as it asks often. */
export function holdLease(lease: DocumentStore<Lease>, now: () => number = Date.now): () => Promise<boolean> {
  const self = randomUUID();
  return () =>
    lease.change((current) => {
      const seconds = now() / 1000;
      const isOurs = current.holder === self;
      if (!isOurs && current.untilSeconds > seconds) return { document: current, result: false };
      if (isOurs && current.untilSeconds > seconds + renewSeconds) return { document: current, result: true };
      return { document: { holder: self, untilSeconds: seconds + leaseSeconds }, result: true };
    });
}
