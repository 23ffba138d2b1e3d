/** A duration for people: three figures at most, as `0.4 ms`, `412 ms`, `1.23 s`, `2 min 5 s`. */
export function duration(ms: number): string {
  if (ms < 9.95) return `${trimmed(ms, 1)} ms`;
  if (ms < 999.5) return `${Math.round(ms)} ms`;
  if (ms < 9_995) return `${trimmed(ms / 1_000, 2)} s`;
  if (ms < 59_950) return `${trimmed(ms / 1_000, 1)} s`;
  const seconds = Math.round(ms / 1_000);
  const parts: readonly (readonly [number, string])[] =
    seconds < 3_600
      ? [
          [Math.floor(seconds / 60), "min"],
          [seconds % 60, "s"],
        ]
      : [
          [Math.floor(seconds / 3_600), "h"],
          [Math.floor((seconds % 3_600) / 60), "min"],
        ];
  return parts.flatMap(([value, unit]) => (value === 0 ? [] : `${value} ${unit}`)).join(" ");
}

/** The same without blanks, for narrow places: `412ms`, `1.2s`, `2m`. */
export function shortDuration(ms: number): string {
  if (ms < 9.95) return `${trimmed(ms, 1)}ms`;
  if (ms < 999.5) return `${Math.round(ms)}ms`;
  if (ms < 59_950) return `${trimmed(ms / 1_000, 1)}s`;
  return ms < 3_570_000 ? `${Math.round(ms / 60_000)}m` : `${Math.round(ms / 3_600_000)}h`;
}

/** Bytes for people: `512 B`, `1.4 kB`, `23 MB`. */
export function size(bytes: number): string {
  if (bytes < 1_000) return `${bytes} B`;
  const units = ["kB", "MB", "GB", "TB"];
  let value = bytes / 1_000;
  let unit = 0;
  while (value >= 999.5 && unit < units.length - 1) {
    value /= 1_000;
    unit += 1;
  }
  return `${value < 9.95 ? trimmed(value, 1) : Math.round(value)} ${units[unit]}`;
}

/** A count with its noun: `1 call`, `3 calls`, `1,200 calls`. */
export function count(number: number, one: string, many: string = `${one}s`): string {
  return `${grouped(number)} ${number === 1 ? one : many}`;
}

/** Thousands set apart, the same in every locale. */
export const grouped = (number: number): string => String(number).replace(/\B(?=(\d{3})+$)/g, ",");

/** A share for people: `51 %`, `0.4 %`. */
export function percent(share: number): string {
  const value = share * 100;
  return `${value > 0 && value < 9.95 ? trimmed(value, 1) : Math.round(value)} %`;
}

const trimmed = (value: number, digits: number): string => value.toFixed(digits).replace(/\.?0+$/, "");
