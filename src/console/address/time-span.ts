/** The time that the page looks at: the last so many seconds, or from one moment to another. */
export type TimeSpan =
  | { readonly kind: "last"; readonly seconds: number }
  | { readonly kind: "between"; readonly startSeconds: number; readonly endSeconds: number };

/** The spans that are offered, as they stand in the address. */
export const presets: readonly { readonly text: string; readonly label: string; readonly seconds: number }[] = [
  { text: "5m", label: "Last 5 minutes", seconds: 300 },
  { text: "15m", label: "Last 15 minutes", seconds: 900 },
  { text: "1h", label: "Last hour", seconds: 3_600 },
  { text: "6h", label: "Last 6 hours", seconds: 21_600 },
  { text: "24h", label: "Last 24 hours", seconds: 86_400 },
  { text: "7d", label: "Last 7 days", seconds: 604_800 },
];

export const defaultSpan: TimeSpan = { kind: "last", seconds: 3_600 };

const unitSeconds: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3_600, d: 86_400 };
/** Longer spans than this are slips of the finger. */
const mostSeconds = 400 * 86_400;

/** Reads `15m`, or the two ends of a span as ISO times; `undefined` for anything else. */
export function readSpan(
  last: string | undefined,
  from: string | undefined,
  to: string | undefined,
): TimeSpan | undefined {
  const [, digits, unit] = /^(\d{1,7})([smhd])$/.exec(last ?? "") ?? [];
  if (digits !== undefined && unit !== undefined) {
    const seconds = Number(digits) * unitSeconds[unit]!;
    return seconds > 0 && seconds <= mostSeconds ? { kind: "last", seconds } : undefined;
  }
  const startSeconds = readTime(from);
  const endSeconds = readTime(to);
  if (startSeconds === undefined || endSeconds === undefined || startSeconds >= endSeconds) return undefined;
  return { kind: "between", startSeconds, endSeconds };
}

/** A span of the last so many seconds in its shortest form: `15m`. */
export function writeLast(seconds: number): string {
  for (const unit of ["d", "h", "m"]) {
    const size = unitSeconds[unit]!;
    // Days only where hours would be hard to read.
    if (seconds % size === 0 && (unit !== "d" || seconds / size >= 2)) return `${seconds / size}${unit}`;
  }
  return `${seconds}s`;
}

/** A moment as it stands in the address: ISO, in UTC, without milliseconds that are zero. */
export function writeTime(seconds: number): string {
  return new Date(Math.round(seconds * 1000)).toISOString().replace(".000Z", "Z");
}

/** The two ends of a span in epoch seconds, for a reader at `nowSeconds`. */
export function endsOf(span: TimeSpan, nowSeconds: number): { startSeconds: number; endSeconds: number } {
  if (span.kind === "between") return { startSeconds: span.startSeconds, endSeconds: span.endSeconds };
  return { startSeconds: nowSeconds - span.seconds, endSeconds: nowSeconds };
}

function readTime(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const ms = Date.parse(text);
  return Number.isNaN(ms) || ms < 0 ? undefined : ms / 1000;
}
