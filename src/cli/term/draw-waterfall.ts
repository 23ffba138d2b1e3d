import { bar } from "./bar.ts";
import { cut, padEnd, padStart, widthOf } from "./fit-text.ts";
import { duration } from "./format.ts";
import { mark, type Style } from "./style.ts";
import type { WaterfallRow } from "./waterfall-rows.ts";

const indent = 2;
const durationWidth = 8;

/** A waterfall: the tree on the left, durations, and bars over a common time axis. */
export function drawWaterfall(rows: readonly WaterfallRow[], style: Style): string[] {
  const { glyphs, paint } = style;
  const stretches = rows.flatMap((row) => row.stretches);
  const startMs = Math.min(...stretches.map((stretch) => stretch.startMs));
  const totalMs = Math.max(0.001, Math.max(...stretches.map((stretch) => stretch.endMs)) - startMs);
  const treeWidth = Math.min(
    Math.max(
      ...rows.map((row) => widthOf(row.prefix + row.name) + (row.operation === "" ? 0 : 1 + widthOf(row.operation))),
    ),
    Math.floor(style.width * 0.45) - indent,
  );
  const markWidth = widthOf(glyphs.marks.ok);
  const barWidth = style.width - indent - treeWidth - 1 - durationWidth - 1 - markWidth - 2;
  const head = padEnd("Waterfall", style.width - barWidth);
  const lines = [paint.bold(head) + paint.dim(axis(totalMs, barWidth))];

  for (const row of rows) {
    const room = treeWidth - widthOf(row.prefix);
    const name = cut(row.name, Math.max(3, room), glyphs);
    const operation = cut(row.operation, Math.max(0, room - widthOf(name) - 1), glyphs);
    const label = padEnd(`${row.prefix}${name}${operation === "" ? "" : ` ${operation}`}`, treeWidth);
    const painted =
      paint.dim(row.prefix) +
      name +
      (operation === "" ? "" : ` ${paint.dim(operation)}`) +
      " ".repeat(treeWidth - widthOf(label.trimEnd()));
    const time = padStart(row.inProgress ? `${duration(row.durationMs)}+` : duration(row.durationMs), durationWidth);
    const scale = barWidth / totalMs;
    const drawn = bar(
      row.stretches.map((each) => ({ start: (each.startMs - startMs) * scale, end: (each.endMs - startMs) * scale })),
      barWidth,
      glyphs,
    ).trimEnd();
    const shaped = row.inProgress ? drawn.replaceAll(glyphs.eighths[8]!, glyphs.shade) : drawn;
    const coloured = row.state === "ok" ? paint.link(shaped) : paint[row.state](shaped);
    lines.push(`${" ".repeat(indent)}${painted} ${time} ${mark(row.state, style)}  ${coloured}`);
  }
  return lines;
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
