import type { NodeId } from "../trace/trace.ts";
import { ByteReader, damaged } from "./byte-reader.ts";
import { ByteWriter } from "./byte-writer.ts";
import { type Cell, recordAlias } from "./cell.ts";
import { Cells } from "./cells.ts";
import { type CellChoice, everyCell } from "./choose-cells.ts";
import { Tally } from "./tally.ts";

/**
 * Cells as bytes that stand for themselves:
 *
 *     version, length of all, length of the seconds (uint32 both), base second,
 *     texts, nodes (name, type + 1, account + 1), place and figures of each cell (those of a link with ages),
 *     then the seconds of each
 *
 * A cell with estimates says so in its place, and has their number behind its figures. The figures' length stands before
 * them: who wants few cells passes over the others. Version 1 is without these lengths.
 * The seconds come last because reading a graph does without them; only who takes something back needs them.
 */
export function encodeMinute(cells: Cells): Uint8Array {
  const all = placeCells(cells);
  const texts = new Map<string, number>();
  const nodes: NodeId[] = [];
  const indexes = new Map<number, number>();
  const textIndex = (text: string): number => {
    const index = texts.get(text) ?? texts.size;
    texts.set(text, index);
    return index;
  };
  const nodeIndex = (node: number): number => {
    const index = indexes.get(node) ?? nodes.length;
    if (index === nodes.length) nodes.push(cells.nodes[node]!.id);
    indexes.set(node, index);
    return index;
  };
  const base = all.reduce((least, { cell }) => Math.min(least, cell.firstStart), all[0]?.cell.firstStart ?? 0);

  const places = new ByteWriter();
  const figures = new ByteWriter();
  places.varint(all.length);
  for (const { place, from, to, cell } of all) {
    places.varint(cell.estimated > 0 ? place | estimatedMark : place);
    places.varint(nodeIndex(from));
    if (place === callPlace || place === linkPlace) places.varint(nodeIndex(to));
    writeFigures(figures, cell, base, textIndex);
    if (cell.estimated > 0) figures.varint(cell.estimated);
    if (place === linkPlace) writeTally(figures, cell.ages ?? noAges, 0);
    places.moveFrom(figures);
  }

  const names = new ByteWriter();
  names.varint(nodes.length);
  for (const { name, type, accountId } of nodes) {
    names.varint(textIndex(name));
    names.varint(type === undefined ? 0 : textIndex(type) + 1);
    names.varint(accountId === undefined ? 0 : textIndex(accountId) + 1);
  }

  const seconds = new ByteWriter();
  if (cells.keepsSeconds) {
    for (const { cell } of all) {
      writeTally(seconds, cell.starts!, base);
      writeTally(seconds, cell.ends!, base);
    }
  }

  const head = new ByteWriter();
  head.varint(base);
  head.varint(texts.size);
  for (const text of texts.keys()) head.text(text);
  const parts = [head.take(), names.take(), places.take(), seconds.take()];
  const whole = new ByteWriter();
  whole.varint(version);
  whole.uint32(parts.reduce((sum, part) => sum + part.length, fixedBytes));
  whole.uint32(parts[3]!.length);
  for (const part of parts) whole.raw(part);
  return whole.take();
}

/** The cells that `encodeMinute` wrote, ready to have traces added and taken back. */
export function decodeMinute(bytes: Uint8Array): Cells {
  const cells = new Cells({ keepsSeconds: true });
  mergeMinute(bytes, cells);
  return cells;
}

/**
 * Adds encoded cells, or those chosen, to others straight from the bytes. Throws `FLUORO_STORE_DAMAGED` when they are not
 * whole; the others may have taken in a part of them by then.
 */
export function mergeMinute(bytes: Uint8Array, into: Cells, choice: CellChoice = everyCell): void {
  const reader = new ByteReader(bytes);
  const written = reader.varint();
  if (written !== version && written !== unmeasuredVersion) throw damaged("it is of an unknown version");
  if (reader.uint32() !== bytes.length) throw damaged("it is cut off");
  const secondsLength = reader.uint32();
  const base = reader.varint();
  const texts = Array.from({ length: reader.count() }, () => reader.text());
  const nodes = Array.from({ length: reader.count() }, () => readNode(reader, texts));
  const cells: (Cell | undefined)[] = [];
  for (let left = reader.count(); left > 0; left -= 1) {
    const mark = reader.varint();
    const hasEstimates = mark >= estimatedMark;
    const place = hasEstimates ? mark - estimatedMark : mark;
    const cell = readPlace(reader, place, nodes, into, choice);
    if (written === unmeasuredVersion) {
      if (cell === undefined) skipCell(reader, place, hasEstimates);
      else readCell(reader, place, hasEstimates, cell, base, texts);
    } else {
      const length = reader.count();
      const leftBehind = reader.left - length;
      if (cell === undefined) reader.pass(length);
      else readCell(reader, place, hasEstimates, cell, base, texts);
      if (reader.left !== leftBehind) throw damaged("a cell has another length than it says");
    }
    cells.push(cell);
  }
  if (reader.left !== secondsLength) throw damaged("its parts have other lengths than it says");
  if (!into.keepsSeconds) return;
  if (secondsLength === 0 && cells.length > 0) throw damaged("its seconds were not kept");
  for (const cell of cells) {
    if (cell === undefined) {
      skipPairs(reader);
      skipPairs(reader);
    } else {
      readTally(reader, cell.starts!, base);
      readTally(reader, cell.ends!, base);
    }
  }
  if (reader.left !== 0) throw damaged("its parts have other lengths than it says");
}

const version = 2;
/** Cells do not say how long they are. */
const unmeasuredVersion = 1;
const fixedBytes = 1 + 4 + 4;
const nodePlace = 0;
const entryPlace = 1;
const callPlace = 2;
const linkPlace = 3;
const estimatedMark = 4;
const noAges = new Tally();
/** Numbers that each cell begins with, before its aliases and durations; those of links have ages behind these. */
const figuresCount = 11;

interface PlacedCell {
  readonly place: typeof nodePlace | typeof entryPlace | typeof callPlace | typeof linkPlace;
  readonly from: number;
  readonly to: number;
  readonly cell: Cell;
}

/** Cells from which everything was taken back are left out. */
function placeCells(cells: Cells): PlacedCell[] {
  const placed: PlacedCell[] = [];
  for (const { index, figures, entries, calls, links } of cells.nodes) {
    placed.push({ place: nodePlace, from: index, to: index, cell: figures });
    if (entries !== undefined) placed.push({ place: entryPlace, from: index, to: index, cell: entries });
    for (const [to, cell] of calls) placed.push({ place: callPlace, from: index, to, cell });
    for (const [to, cell] of links) placed.push({ place: linkPlace, from: index, to, cell });
  }
  return placed.filter(({ cell }) => cell.present > 0);
}

/** The cell that what follows is to be added to; none where it is not chosen. */
function readPlace(
  reader: ByteReader,
  place: number,
  nodes: readonly NodeId[],
  into: Cells,
  choice: CellChoice,
): Cell | undefined {
  const node = nodes[reader.index(nodes.length)]!;
  switch (place) {
    case nodePlace:
      return choice.node(node) ? into.node(node).figures : undefined;
    case entryPlace:
      return choice.entry(node) ? into.entries(into.node(node)) : undefined;
    case callPlace: {
      const callee = nodes[reader.index(nodes.length)]!;
      return choice.call(node, callee) ? into.calls(into.node(node), into.node(callee)) : undefined;
    }
    case linkPlace: {
      const consumer = nodes[reader.index(nodes.length)]!;
      return choice.link(node, consumer) ? into.links(into.node(node), into.node(consumer)) : undefined;
    }
    default:
      throw damaged("a cell is of an unknown kind");
  }
}

function readNode(reader: ByteReader, texts: readonly string[]): NodeId {
  const name = texts[reader.index(texts.length)]!;
  const type = reader.index(texts.length + 1);
  const account = reader.index(texts.length + 1);
  return {
    name,
    ...(type > 0 && { type: texts[type - 1]! }),
    ...(account > 0 && { accountId: texts[account - 1]! }),
  };
}

function writeFigures(writer: ByteWriter, cell: Cell, base: number, textIndex: (text: string) => number): void {
  writer.varint(cell.present);
  writer.varint(cell.inferred);
  writer.varint(cell.roots);
  writer.varint(cell.awaiting);
  writer.varint(cell.ok);
  writer.varint(cell.error);
  writer.varint(cell.throttle);
  writer.varint(cell.fault);
  writer.varint(cell.totalMicros);
  writer.varint(cell.firstStart - base);
  writer.varint(cell.lastEnd - base);
  writer.varint(cell.aliases.size);
  for (const [name, count] of cell.aliases) {
    writer.varint(textIndex(name));
    writer.varint(count);
  }
  writeTally(writer, cell.durations, 0);
}

function readCell(
  reader: ByteReader,
  place: number,
  hasEstimates: boolean,
  cell: Cell,
  base: number,
  texts: readonly string[],
): void {
  cell.present += reader.varint();
  cell.inferred += reader.varint();
  cell.roots += reader.varint();
  cell.awaiting += reader.varint();
  cell.ok += reader.varint();
  cell.error += reader.varint();
  cell.throttle += reader.varint();
  cell.fault += reader.varint();
  cell.totalMicros += reader.varint();
  cell.firstStart = Math.min(cell.firstStart, base + reader.varint());
  cell.lastEnd = Math.max(cell.lastEnd, base + reader.varint());
  for (let left = reader.count(); left > 0; left -= 1) {
    recordAlias(cell, texts[reader.index(texts.length)]!, reader.varint());
  }
  readTally(reader, cell.durations, 0);
  if (hasEstimates) cell.estimated += reader.varint();
  if (place === linkPlace) readTally(reader, agesOf(cell), 0);
}

function agesOf(cell: Cell): Tally {
  cell.ages ??= new Tally();
  return cell.ages;
}

function skipCell(reader: ByteReader, place: number, hasEstimates: boolean): void {
  reader.skip(figuresCount);
  skipPairs(reader);
  skipPairs(reader);
  if (hasEstimates) reader.skip(1);
  if (place === linkPlace) skipPairs(reader);
}

/** Ascending, each number as the distance from the one before. */
function writeTally(writer: ByteWriter, tally: Tally, base: number): void {
  const values = tally.values();
  writer.varint(values.length);
  let before = base;
  for (const value of values) {
    writer.varint(value - before);
    writer.varint(tally.count(value));
    before = value;
  }
}

function readTally(reader: ByteReader, into: Tally, base: number): void {
  const count = reader.count();
  if (into.isEmpty) into.reserve(count);
  let value = base;
  for (let left = count; left > 0; left -= 1) {
    value += reader.varint();
    into.add(value, reader.varint());
  }
}

function skipPairs(reader: ByteReader): void {
  reader.skip(2 * reader.count());
}
