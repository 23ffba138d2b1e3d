import type { Status } from "../../api/wire.ts";
import type { Keeps } from "../../api/wire-settings.ts";

/** How the store will grow, if what comes stays what it was. */
export interface Forecast {
  /** 0 to 1 of the most it may take; absent where there is no most. */
  readonly share?: number;
  /** What came a second, on the average since the oldest trace that is kept. */
  readonly bytesPerSecond: number;
  /** How large it is in the end. */
  readonly settlesAtBytes: number;
  /** What ends its growth. */
  readonly limitedBy: "age" | "size" | "disk";
  /** Until then, from now; 0 when it does not grow any more. */
  readonly inSeconds: number;
}

/** Less than this is too short a time to tell the future from. */
const leastSeconds = 30;

/** A forecast of the store's size; `undefined` while too little is known. */
export function forecastUse(
  { bytes, oldestSeconds }: Pick<Status["store"], "bytes" | "oldestSeconds">,
  { retentionSeconds, maxBytes, freeBytes }: Keeps,
  nowSeconds: number,
): Forecast | undefined {
  if (retentionSeconds === undefined || maxBytes === undefined || oldestSeconds === undefined) return undefined;
  const ageSeconds = nowSeconds - oldestSeconds;
  if (ageSeconds < leastSeconds || bytes === 0) return undefined;
  const bytesPerSecond = bytes / ageSeconds;
  const byAge = bytesPerSecond * retentionSeconds;
  const onDisk = freeBytes === undefined ? Number.POSITIVE_INFINITY : bytes + freeBytes;
  const settlesAtBytes = Math.min(byAge, maxBytes, onDisk);
  const limitedBy = settlesAtBytes === byAge ? "age" : settlesAtBytes === maxBytes ? "size" : "disk";
  return {
    share: bytes / maxBytes,
    bytesPerSecond,
    settlesAtBytes,
    limitedBy,
    inSeconds: Math.max(0, (settlesAtBytes - bytes) / bytesPerSecond),
  };
}

/** From here on the store is called nearly full. */
export const nearlyFull = 0.85;
