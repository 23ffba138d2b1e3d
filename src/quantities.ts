const unitSeconds: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3_600, d: 86_400, w: 604_800 };
const unitBytes: Readonly<Record<string, number>> = { "": 1, K: 1e3, M: 1e6, G: 1e9, T: 1e12 };

/** A setting's duration, as `90s` or `12h`, in seconds; `undefined` for other text, and for none at all. */
export function durationSeconds(text: string): number | undefined {
  const match = /^(\d+(?:\.\d+)?)\s*([smhdw])$/i.exec(text.trim());
  return match === null ? undefined : positive(Number(match[1]) * unitSeconds[match[2]!.toLowerCase()]!);
}

/** A setting's size, as `500MB` or `1GiB`, in bytes; `undefined` for other text, and for nothing at all. */
export function sizeBytes(text: string): number | undefined {
  const match = /^(\d+(?:\.\d+)?)\s*([KMGT]?)(i?)B?$/i.exec(text.trim());
  if (match === null) return undefined;
  const unit = match[2]!.toUpperCase();
  const bytes = match[3] === "" ? unitBytes[unit]! : 2 ** (10 * Object.keys(unitBytes).indexOf(unit));
  return positive(Math.round(Number(match[1]) * bytes));
}

function positive(value: number): number | undefined {
  return value > 0 ? value : undefined;
}

/** A size as people read it, as `1.5 GB`. */
export function bytesText(bytes: number): string {
  const [unit, size] = Object.entries(unitBytes).findLast(([, size]) => bytes >= size) ?? ["", 1];
  return `${Number((bytes / size).toPrecision(3))} ${unit}B`;
}
