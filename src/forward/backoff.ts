const baseMs = 100;

/**
 * How long to wait after so many failures in a row: anything up to a time that doubles with each ("full jitter"), so that
 * many daemons do not come back at the same moment. Never less than a millisecond, so that everything else gets its turn.
 */
export function backoffMs(failures: number, longestMs: number, random: () => number): number {
  return 1 + random() * Math.min(longestMs, baseMs * 2 ** Math.min(failures - 1, 30));
}
