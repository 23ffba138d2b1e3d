import type { Figure, Limit } from "./question.ts";

/** A figure with what was measured: medians, undefined where there is none. */
export interface Measured {
  readonly figure: Figure;
  readonly ours: number | undefined;
  /** Measured in the same run, or the constant. */
  readonly original: number | undefined;
}

const columns = ["ours", "original", "ratio", "limit", ""] as const;
const labelWidth = 52;

/** The table's head. */
export function printHead(originalIs: "measured" | "constant"): void {
  console.log(
    originalIs === "measured"
      ? "\nBoth were measured in turns in this run; medians.\n"
      : "\nOurs, beside figures of the original 3.6.6 from the reference machine (XRAY_DAEMON_BINARY measures one here).\n",
  );
  console.log("".padEnd(labelWidth) + columns.map((name) => name.padStart(11)).join(""));
}

/** One line of it. */
export function printFigure({ figure, ours, original }: Measured): void {
  const { label, unit, limit } = figure;
  const ratio = ours === undefined || !original ? undefined : ours / original;
  const cells = [
    text(ours),
    text(original),
    ratio === undefined ? "–" : `${ratio.toFixed(2)}×`,
    limitText(limit),
    verdict(limit, ours, ratio),
  ];
  console.log(`${label}, ${unit}`.padEnd(labelWidth) + cells.map((cell) => cell.padStart(11)).join(""));
}

function text(value: number | undefined): string {
  if (value === undefined) return "–";
  if (value >= 1_000) return Math.round(value).toLocaleString("en");
  return value >= 100 || Number.isInteger(value) ? value.toFixed(0) : value.toFixed(value >= 10 ? 1 : 2);
}

function limitText(limit: Limit | undefined): string {
  switch (limit?.kind) {
    case undefined:
      return "–";
    case "ratioAtMost":
      return `≤ ${limit.value}×`;
    case "ratioAtLeast":
      return `≥ ${limit.value}×`;
    case "atMost":
      return `≤ ${limit.value}`;
    default:
      return limit satisfies never;
  }
}

function verdict(limit: Limit | undefined, ours: number | undefined, ratio: number | undefined): string {
  if (limit === undefined) return "";
  const value = limit.kind === "atMost" ? ours : ratio;
  if (value === undefined) return "?";
  const isKept = limit.kind === "ratioAtLeast" ? value >= limit.value : value <= limit.value;
  return isKept ? "kept" : "MISSED";
}
