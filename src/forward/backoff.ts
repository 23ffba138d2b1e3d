const baseMs = 100;

/**
 * How long to wait after so many failures in a row: anything up to a time that doubles with each ("full jitter"), so that
 * many daemons do not come back at the same moment.
 */
export function backoffMs(failures: number, longestMs: number, random: () => number): number {
  return random() * Math.min(longestMs, baseMs * 2 ** Math.min(failures - 1, 30));
}
