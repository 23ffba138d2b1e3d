import type { Label, SpanColumns } from "./span-columns.ts";
import { spanIds } from "./span-ids.ts";
import type { State } from "./state-of.ts";

/** What is known of a trace before any attribute has come: its rows as columns, and what its header says. */
export interface Skeleton extends SpanColumns {
  readonly id: string;
  readonly revision: number;
  readonly isPartial: boolean;
  readonly words: TraceWords;
  /** Rows that the trace has beyond those that are here. */
  readonly left: number;
}

/** A trace in a line: what its entry says. */
export interface TraceWords {
  readonly method?: string;
  /** The URL, or the name of the entry. */
  readonly title: string;
  readonly status?: number;
  readonly state: State;
  readonly service: string;
}

/** What stands before the columns. */
interface Head extends Pick<Skeleton, "id" | "revision" | "isPartial" | "words" | "left" | "count"> {
  readonly services: readonly string[];
  /** Name, service and detail by turns. */
  readonly labels: readonly (string | number)[];
}

/** A longer detail is cut: the row's own details have it whole. */
const mostDetail = 200;
/** Number of bytes by which all columns are aligned. */
const alignment = 8;

/**
 * A skeleton as bytes: the length of the head, the head as JSON, and 34 bytes a row in columns, widest first. Depths,
 * sizes and last ends are left out: they follow from the rest.
 */
export function encodeSkeleton(skeleton: Skeleton): Uint8Array<ArrayBuffer> {
  const { id, revision, isPartial, words, left, count, services } = skeleton;
  const labels = skeleton.labels.flatMap(({ name, service, detail }) => [name, service, detail.slice(0, mostDetail)]);
  const head: Head = { id, revision, isPartial, words, left, count, services, labels };
  const text = new TextEncoder().encode(JSON.stringify(head));
  const first = aligned(4 + text.length);
  const bytes = new Uint8Array(first + count * 34);
  new DataView(bytes.buffer).setUint32(0, text.length, true);
  bytes.set(text, 4);
  const columns = columnsIn(bytes, first, count);
  for (let row = 0; row < count; row += 1) {
    const rowId = skeleton.ids.at(row);
    columns.ids[row * 2] = Number.parseInt(rowId.slice(0, 8), 16);
    columns.ids[row * 2 + 1] = Number.parseInt(rowId.slice(8), 16);
  }
  columns.starts.set(skeleton.starts.subarray(0, count));
  columns.ends.set(skeleton.ends.subarray(0, count));
  columns.parents.set(skeleton.parents.subarray(0, count));
  columns.labelOf.set(skeleton.labelOf.subarray(0, count));
  columns.flags.set(skeleton.flags.subarray(0, count));
  return bytes;
}

/** The skeleton that bytes stand for; `undefined` for bytes that are none. */
export function decodeSkeleton(bytes: Uint8Array<ArrayBuffer>): Skeleton | undefined {
  if (bytes.length < 4) return undefined;
  const textLength = new DataView(bytes.buffer, bytes.byteOffset).getUint32(0, true);
  const first = aligned(4 + textLength);
  if (first > bytes.length) return undefined;
  const { labels: flat, ...head } = JSON.parse(new TextDecoder().decode(bytes.subarray(4, 4 + textLength))) as Head;
  if (bytes.length !== first + head.count * 34) return undefined;
  const labels: Label[] = [];
  for (let at = 0; at < flat.length; at += 3) {
    labels.push({ name: String(flat[at]), service: Number(flat[at + 1]), detail: String(flat[at + 2]) });
  }
  const { ids, ...columns } = columnsIn(bytes, first, head.count);
  const half = (at: number): string => ids[at]!.toString(16).padStart(8, "0");
  return {
    ...head,
    labels,
    ids: spanIds(head.count, (row) => half(row * 2) + half(row * 2 + 1)),
    ...columns,
    ...derived(columns, head.count),
  };
}

/** Typed arrays over the bytes themselves. The machines that run this, like nearly all, are little-endian. */
function columnsIn({ buffer, byteOffset }: Uint8Array<ArrayBuffer>, first: number, count: number) {
  let at = byteOffset + first;
  const next = (bytes: number): number => {
    at += bytes;
    return at - bytes;
  };
  return {
    starts: new Float64Array(buffer, next(count * 8), count),
    ends: new Float64Array(buffer, next(count * 8), count),
    ids: new Uint32Array(buffer, next(count * 8), count * 2),
    parents: new Int32Array(buffer, next(count * 4), count),
    labelOf: new Uint32Array(buffer, next(count * 4), count),
    flags: new Uint16Array(buffer, next(count * 2), count),
  };
}

/** What parents and times say of each row and of the whole. */
function derived({ parents, starts, ends }: Pick<SpanColumns, "parents" | "starts" | "ends">, count: number) {
  const depths = new Int32Array(count);
  const sizes = new Int32Array(count).fill(1);
  const lastEnds = new Float64Array(count);
  let [startSeconds, endSeconds] = count === 0 ? [0, 0] : [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (let row = 0; row < count; row += 1) {
    const parent = parents[row]!;
    if (parent >= 0) depths[row] = depths[parent]! + 1;
    lastEnds[row] = Number.isNaN(ends[row]!) ? starts[row]! : ends[row]!;
    startSeconds = Math.min(startSeconds, starts[row]!);
  }
  for (let row = count - 1; row >= 0; row -= 1) {
    endSeconds = Math.max(endSeconds, lastEnds[row]!);
    const parent = parents[row]!;
    if (parent < 0) continue;
    sizes[parent] = sizes[parent]! + sizes[row]!;
    lastEnds[parent] = Math.max(lastEnds[parent]!, lastEnds[row]!);
  }
  return { depths, sizes, lastEnds, startSeconds, endSeconds };
}

function aligned(bytes: number): number {
  return Math.ceil(bytes / alignment) * alignment;
}
