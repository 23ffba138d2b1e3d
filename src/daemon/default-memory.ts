import { totalmem } from "node:os";

const least = 3 * 2 ** 20;
/** Enough to ride out a slow answer; a longer outage is what the disk is for. */
const most = 32 * 2 ** 20;

/** What documents may take in memory when nobody says: 1 % of what this process may use, as the original, within bounds. */
export function defaultMemoryBytes(usable: number): number {
  return Math.min(most, Math.max(least, Math.floor(usable / 100)));
}

/** Memory of the machine, or of the control group (either version) if that allows less. */
export function usableMemoryBytes(): number {
  const limit = process.constrainedMemory() ?? 0;
  // Without a limit the system answers 0 or a number beyond all machines.
  return limit > 0 ? Math.min(limit, totalmem()) : totalmem();
}
