import type { Phase } from "../../call/phases.ts";
import { bar } from "./bar.ts";
import { padEnd, padStart, widthOf } from "./fit-text.ts";
import { duration } from "./format.ts";
import type { Style } from "./style.ts";

const indent = 2;
const gap = 2;
const narrowestScale = 12;

/**
 * The phases of a request: side by side, each with its time over a bar on one common scale; one below the other where
 * the terminal is too narrow for that.
 */
export function drawPhases(phases: readonly Phase[], style: Style): string[] {
  if (phases.length === 0) return [];
  const labels = phases.map((phase) => `${phase.name} ${duration(phase.endMs - phase.startMs)}`);
  const scale = style.width - indent - labels.reduce((sum, label) => sum + widthOf(label) + gap, 0);
  return scale >= narrowestScale ? sideBySide(phases, labels, scale, style) : stacked(phases, style);
}

function sideBySide(
  phases: readonly Phase[],
  labels: readonly string[],
  scale: number,
  { glyphs, paint }: Style,
): string[] {
  const total = totalMs(phases);
  let names = " ".repeat(indent);
  let bars = " ".repeat(indent);
  for (const [index, { name, startMs, endMs }] of phases.entries()) {
    const length = ((endMs - startMs) / total) * scale;
    const width = widthOf(labels[index]!) + Math.floor(length);
    const label = padEnd(labels[index]!, width + gap);
    names += paint.dim(name) + label.slice(name.length);
    bars += padEnd(bar([{ start: 0, end: length }], width, glyphs), width + gap);
  }
  return [names.trimEnd(), paint.link(bars.trimEnd())];
}

function stacked(phases: readonly Phase[], { width, glyphs, paint }: Style): string[] {
  const [nameWidth, timeWidth] = [8, 7];
  const room = width - indent - nameWidth - 1 - timeWidth - gap;
  const scale = room / totalMs(phases);
  const start = phases[0]!.startMs;
  return phases.map(({ name, startMs, endMs }) => {
    const drawn = bar([{ start: (startMs - start) * scale, end: (endMs - start) * scale }], room, glyphs).trimEnd();
    const time = padStart(duration(endMs - startMs), timeWidth);
    return `${" ".repeat(indent)}${paint.dim(padEnd(name, nameWidth))} ${time}${" ".repeat(gap)}${paint.link(drawn)}`;
  });
}

function totalMs(phases: readonly Phase[]): number {
  return Math.max(0.001, phases.at(-1)!.endMs - phases[0]!.startMs);
}
