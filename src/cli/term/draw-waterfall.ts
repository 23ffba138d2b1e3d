import { bar } from "./bar.ts";
import { cut, cutPrefix, padStart, widthOf } from "./fit-text.ts";
import { duration } from "./format.ts";
import { type Glyphs, mark, type Style } from "./style.ts";
import type { WaterfallRow } from "./waterfall-rows.ts";

const indent = 2;
/** Of the terminal's width, at most, for the names. */
const treeShare = 0.45;

/** A waterfall: the tree on the left, durations, and bars over a common time axis. */
export function drawWaterfall(rows: readonly WaterfallRow[], style: Style): string[] {
  const { glyphs, paint } = style;
  const stretches = rows.flatMap((row) => row.stretches);
  const startMs = Math.min(...stretches.map((stretch) => stretch.startMs));
  const totalMs = Math.max(0.001, Math.max(...stretches.map((stretch) => stretch.endMs)) - startMs);
  const times = rows.map((row) => `${duration(row.durationMs)}${row.inProgress ? "+" : ""}`);
  const timeWidth = Math.max(...times.map(widthOf));
  const mostTree = Math.floor(style.width * treeShare) - indent;
  const trees = rows.map((row) => fitTree(row, mostTree, glyphs));
  const treeWidth = Math.max(...trees.map(({ width }) => width));
  const before = indent + treeWidth + 2 + timeWidth + 1 + widthOf(glyphs.marks.ok) + 2;
  const barWidth = style.width - before;
  const scale = barWidth / totalMs;

  const lines = rows.map((row, index) => {
    const { prefix, name, operation, width } = trees[index]!;
    const asked = operation === "" ? "" : ` ${paint.dim(operation)}`;
    const tree = paint.dim(prefix) + name + asked + " ".repeat(treeWidth - width);
    const cells = row.stretches.map((each) => ({
      start: (each.startMs - startMs) * scale,
      end: (each.endMs - startMs) * scale,
    }));
    const filled = bar(cells, barWidth, glyphs).trimEnd();
    const shaped = row.inProgress ? filled.replaceAll(glyphs.eighths[8]!, glyphs.shade) : filled;
    const coloured = row.state === "ok" ? paint.link(shaped) : paint[row.state](shaped);
    return `${" ".repeat(indent)}${tree}  ${padStart(times[index]!, timeWidth)} ${mark(row.state, style)}  ${coloured}`;
  });
  return [paint.bold("Waterfall".padEnd(before)) + paint.dim(axis(totalMs, barWidth)), ...lines];
}

interface Tree {
  readonly prefix: string;
  readonly name: string;
  readonly operation: string;
  /** All three together. */
  readonly width: number;
}

/** Cuts the operation first, then the name; the lines of a deep tree lose their left part. */
function fitTree(row: WaterfallRow, width: number, glyphs: Glyphs): Tree {
  const prefix = cutPrefix(row.prefix, Math.floor(width / 2), glyphs);
  const name = cut(row.name, width - widthOf(prefix), glyphs);
  const operation = cut(row.operation.trim(), width - widthOf(prefix) - widthOf(name) - 1, glyphs);
  const operationWidth = operation === "" ? 0 : 1 + widthOf(operation);
  return { prefix, name, operation, width: widthOf(prefix) + widthOf(name) + operationWidth };
}

/** Marks at round times, the unit on the last one. */
function axis(totalMs: number, width: number): string {
  const isSeconds = totalMs >= 2_000;
  const unit = isSeconds ? "s" : "ms";
  const total = isSeconds ? totalMs / 1_000 : totalMs;
  const step = roundStep((total * 8) / width);
  let text = "";
  for (let at = 0; at <= total; at += step) {
    const value = String(Number(at.toPrecision(6)));
    const isLast = at + step > total;
    const label = isLast ? `${value} ${unit}` : value;
    const position = Math.floor((at / total) * width);
    if (position + label.length > width) {
      // No room for it: the unit goes to the mark before.
      return text.length + unit.length + 1 <= width ? `${text} ${unit}` : text;
    }
    text = text.padEnd(position) + label;
  }
  return text;
}

/** The next of 1, 2, 5, 10, 20, … */
function roundStep(least: number): number {
  const power = 10 ** Math.floor(Math.log10(least));
  return ([1, 2, 5].find((factor) => factor * power >= least) ?? 10) * power;
}
