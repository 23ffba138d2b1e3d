import type { ComparedRow, Comparison } from "../../analysis/compare-traces.ts";
import { cleanText } from "./clean-text.ts";
import { cut, cutPrefix, padEnd, padStart, widthOf } from "./fit-text.ts";
import { count, duration, percent } from "./format.ts";
import type { Glyphs, Style } from "./style.ts";

const indent = 2;
/** Of the terminal's width, at most, for what the rows are called. */
const treeShare = 0.5;
/** What differs by less is not worth a colour. */
const fewestSeconds = 0.001;

interface Drawn {
  readonly row: ComparedRow;
  readonly prefix: string;
  readonly a: string;
  readonly b: string;
  readonly delta: string;
}

/**
 * Two traces side by side, as one tree: what each row took in A and in B, and the difference. `-` marks what only A did,
 * `+` what only B did. Of many rows those are shown whose own time differs most, with all above them.
 */
export function drawComparison(comparison: Comparison, style: Style, mostRows: number): string[] {
  const { glyphs, paint, width } = style;
  const { shown, left } = chooseRows(comparison, mostRows);
  const drawn = shown.map((row, at) => describe(row, prefixOf(row, comparison, shown, at, glyphs), glyphs));
  const wide = (title: string, texts: readonly string[]): number => Math.max(widthOf(title), ...texts.map(widthOf));
  const aWidth = wide(
    "A",
    drawn.map(({ a }) => a),
  );
  const bWidth = wide(
    "B",
    drawn.map(({ b }) => b),
  );
  const deltaWidth = wide(
    "B-A",
    drawn.map(({ delta }) => delta),
  );
  const after = 2 + aWidth + 2 + bWidth + 2 + deltaWidth;
  const most = Math.min(width - indent - 2 - after, Math.floor(width * treeShare) + 20);
  const trees = drawn.map(({ row, prefix }) => fitTree(row, prefix, most, glyphs));
  const treeWidth = Math.max(widthOf("Compared"), ...trees.map(({ width: each }) => each));
  const head = `${padEnd("Compared", indent + 2 + treeWidth)}  ${padStart("A", aWidth)}  ${padStart("B", bWidth)}  ${padStart("B-A", deltaWidth)}`;
  const lines = drawn.map(({ row, a, b, delta }, at) => {
    const tree = trees[at]!;
    const sign = row.a === undefined ? "+" : row.b === undefined ? "-" : " ";
    const difference = padStart(delta, deltaWidth);
    const name = `${paint.dim(tree.prefix)}${tree.name}${tree.detail === "" ? "" : ` ${paint.dim(tree.detail)}`}`;
    const filling = " ".repeat(treeWidth - tree.width);
    return `${" ".repeat(indent)}${sign} ${name}${filling}  ${padStart(a, aWidth)}  ${padStart(b, bWidth)}  ${paintDelta(row, difference, style)}`;
  });
  const rest = left > 0 ? [paint.dim(`  ${glyphs.ellipsis} ${count(left, "row")} left out; --rows shows more`)] : [];
  return [paint.bold(cut(head, width, glyphs)), ...lines, ...rest];
}

/** What differs most, in a sentence a row; rows that differ by next to nothing are not told of. */
export function describeDifferences({ rows, ranking, deltaSeconds }: Comparison, glyphs: Glyphs, most = 3): string[] {
  return ranking
    .slice(0, most)
    .map((index) => rows[index]!)
    .filter(({ selfDeltaSeconds }) => Math.abs(selfDeltaSeconds) >= fewestSeconds)
    .map(({ service, name, detail, a, b, selfDeltaSeconds }) => {
      const what = cleanText([service === name ? "" : service, name, detail].filter(Boolean).join(" "), glyphs);
      const share =
        Math.abs(deltaSeconds) < fewestSeconds ? "" : `, ${percent(selfDeltaSeconds / deltaSeconds)} of the difference`;
      const only = a === undefined ? " (only in B)" : b === undefined ? " (only in A)" : "";
      return `${what}${only}: ${signed(selfDeltaSeconds)} of its own time${share}`;
    });
}

function chooseRows({ rows, ranking }: Comparison, most: number): { shown: ComparedRow[]; left: number } {
  if (rows.length <= most) return { shown: [...rows], left: 0 };
  const chosen = new Set<number>();
  const withAbove = (index: number): number[] => {
    const way: number[] = [];
    for (let at = index; at >= 0 && !chosen.has(at); at = rows[at]!.parent) way.push(at);
    return way;
  };
  // Beyond those that differ, the first of all: something has to be seen of two traces that are alike.
  for (const index of [...ranking, ...rows.keys()]) {
    const way = withAbove(index);
    if (chosen.size + way.length > most) continue;
    for (const each of way) chosen.add(each);
    if (chosen.size >= most) break;
  }
  return { shown: rows.filter(({ index }) => chosen.has(index)), left: rows.length - chosen.size };
}

function describe(row: ComparedRow, prefix: string, glyphs: Glyphs): Drawn {
  const side = (each: ComparedRow["a"]): string => {
    if (each === undefined) return glyphs.none;
    return `${each.seconds === undefined ? "running" : duration(each.seconds * 1_000)} ${glyphs.marks[each.state]}`;
  };
  return { row, prefix, a: side(row.a), b: side(row.b), delta: signed(row.deltaSeconds) };
}

function signed(seconds: number): string {
  const ms = seconds * 1_000;
  if (Math.abs(ms) < 0.05) return "0 ms";
  return `${ms < 0 ? "-" : "+"}${duration(Math.abs(ms))}`;
}

function paintDelta({ deltaSeconds }: ComparedRow, text: string, { paint }: Style): string {
  if (Math.abs(deltaSeconds) < fewestSeconds) return paint.dim(text);
  return deltaSeconds > 0 ? paint.fault(text) : paint.ok(text);
}

/** The tree's lines before a row: at each level above, whether more follows there. */
function prefixOf(
  row: ComparedRow,
  { rows }: Comparison,
  shown: readonly ComparedRow[],
  at: number,
  glyphs: Glyphs,
): string {
  const hasNext = (of: ComparedRow): boolean => {
    for (let next = at + 1; next < shown.length && shown[next]!.depth >= of.depth; next += 1) {
      if (shown[next]!.parent === of.parent) return true;
    }
    return false;
  };
  if (row.depth === 0) return "";
  let prefix = hasNext(row) ? glyphs.branch : glyphs.lastBranch;
  for (let above = rows[row.parent]; above !== undefined && above.depth > 0; above = rows[above.parent]) {
    prefix = (hasNext(above) ? glyphs.trunk : "  ") + prefix;
  }
  return prefix;
}

interface Tree {
  readonly prefix: string;
  readonly name: string;
  readonly detail: string;
  readonly width: number;
}

function fitTree(row: ComparedRow, lines: string, width: number, glyphs: Glyphs): Tree {
  const prefix = cutPrefix(lines, Math.floor(width / 2), glyphs);
  const name = cut(cleanText(row.name, glyphs), width - widthOf(prefix), glyphs);
  const detail = cut(cleanText(row.detail, glyphs), width - widthOf(prefix) - widthOf(name) - 1, glyphs);
  const detailWidth = detail === "" ? 0 : 1 + widthOf(detail);
  return { prefix, name, detail, width: widthOf(prefix) + widthOf(name) + detailWidth };
}
