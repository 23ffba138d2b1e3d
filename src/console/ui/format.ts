/**
 * Three digits that matter, in the unit that fits: `0.4 ms`, `41 ms`, `1.24 s`, `2 min 5 s`. The API rounds to
 * milliseconds: its 0 means less than one.
 */
export function formatDuration(seconds: number | undefined): string {
  if (seconds === undefined) return "–";
  const ms = seconds * 1000;
  if (ms < 0.95) return ms < 0.05 ? (ms === 0 ? "<1 ms" : "<0.1 ms") : `${digits(ms, 1)} ms`;
  if (ms < 9.95) return `${digits(ms, 1)} ms`;
  if (ms < 999.5) return `${Math.round(ms)} ms`;
  if (seconds < 9.995) return `${digits(seconds, 2)} s`;
  if (seconds < 99.95) return `${digits(seconds, 1)} s`;
  const minutes = Math.floor(seconds / 60);
  const rest = Math.round(seconds - minutes * 60);
  if (minutes < 60) return rest === 0 ? `${minutes} min` : `${minutes} min ${rest} s`;
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** A difference of durations, with its sign: `+41 ms`, `−3 ms`, `±0`. */
export function formatDelta(seconds: number): string {
  if (Math.abs(seconds) < 0.00005) return "±0";
  return `${seconds > 0 ? "+" : "−"}${formatDuration(Math.abs(seconds))}`;
}

/** Calls a second, or a minute where a second would have too few. */
export function formatRate(perSecond: number): string {
  if (perSecond >= 0.95) return `${perSecond >= 99.5 ? formatCount(Math.round(perSecond)) : digits(perSecond, 1)}/s`;
  const perMinute = perSecond * 60;
  return `${digits(perMinute, perMinute < 9.95 ? 1 : 0)}/min`;
}

/** A share as percent; what is there but hardly is not rounded to nothing. */
export function formatShare(part: number, whole: number): string {
  if (whole === 0 || part === 0) return "0 %";
  const percent = (100 * part) / whole;
  if (percent < 0.1) return "<0.1 %";
  if (percent > 99.9 && percent < 100) return ">99.9 %";
  return `${digits(percent, percent < 9.95 ? 1 : 0)} %`;
}

/** A count with thousands set apart, from a million on shortened. */
export function formatCount(count: number): string {
  if (count >= 1e9) return `${digits(count / 1e9, 2)} G`;
  if (count >= 1e6) return `${digits(count / 1e6, 2)} M`;
  return count < 1_000 && Number.isInteger(count) ? String(count) : grouped.format(count);
}

export function formatBytes(bytes: number): string {
  const units = ["B", "KB", "MB", "GB", "TB"];
  let size = bytes;
  let unit = 0;
  while (size >= 999.5 && unit < units.length - 1) {
    size /= 1000;
    unit += 1;
  }
  return `${unit === 0 ? size : digits(size, size < 9.95 ? 1 : 0)} ${units[unit]!}`;
}

/** The time of day, to the second or to the millisecond. */
export function formatTime(seconds: number, precision: "seconds" | "milliseconds" = "seconds"): string {
  return (precision === "seconds" ? timeOfDay : preciseTime).format(seconds * 1000);
}

/** Date and time of day. */
export function formatMoment(seconds: number): string {
  return `${dayAndMonth.format(seconds * 1000)}, ${formatTime(seconds, "milliseconds")}`;
}

/** The day, for times that are not of today; empty for today. */
export function formatDay(seconds: number, nowSeconds: number): string {
  const day = dayAndMonth.format(seconds * 1000);
  return day === dayAndMonth.format(nowSeconds * 1000) ? "" : day;
}

/** How long ago, in one unit. */
export function formatAge(seconds: number): string {
  if (seconds < 60) return `${Math.max(0, Math.round(seconds))} s`;
  if (seconds < 3_600) return `${Math.round(seconds / 60)} min`;
  if (seconds < 86_400 * 2) return `${Math.round(seconds / 3_600)} h`;
  return `${Math.round(seconds / 86_400)} days`;
}

export function plural(count: number, one: string, many = `${one}s`): string {
  return `${formatCount(count)} ${count === 1 ? one : many}`;
}

const grouped = new Intl.NumberFormat("en");
const timeOfDay = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit", second: "2-digit" });
const preciseTime = new Intl.DateTimeFormat("en-GB", {
  hour: "2-digit",
  minute: "2-digit",
  second: "2-digit",
  fractionalSecondDigits: 3,
});
const dayAndMonth = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short", year: "numeric" });

/** At most so many decimals, without zeros at the end. */
function digits(value: number, decimals: number): string {
  return String(Number(value.toFixed(decimals)));
}
