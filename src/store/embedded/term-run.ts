import { ByteReader } from "./byte-reader.ts";
import { ByteWriter } from "./byte-writer.ts";

/** Shards of one run: a look-up reads one of them, so the more there are the less it reads. Part of the file format. */
export const shardsPerRun = 64;

/** Trace versions a run covers. What is newer than the last run is few enough to be looked at one by one. */
export const usualRunLength = 1024;

/** Which shard a term's hash belongs to: its top bits, so that hashes within a shard are close together. */
export const shardOf = (hash: number): number => hash >>> 26;

const writer = new ByteWriter();

/**
 * Turns the terms of a run's traces, as hashes, into one posting list per shard: ascending hashes, each with the ascending seqs
 * that have it. All numbers are written as what they exceed the one before by.
 */
export function encodeRun(
  firstSeq: number,
  traces: ReadonlyMap<number, readonly number[]>,
): (Uint8Array | undefined)[] {
  const shards = new Array<Uint8Array | undefined>(shardsPerRun).fill(undefined);
  const pairs = sortedPairs(firstSeq, traces);
  for (let at = 0; at < pairs.length; ) {
    const shard = shardOf(hashIn(pairs[at]!));
    let before = shard * 2 ** 26;
    while (at < pairs.length && shardOf(hashIn(pairs[at]!)) === shard) {
      const hash = hashIn(pairs[at]!);
      let end = at + 1;
      while (end < pairs.length && hashIn(pairs[end]!) === hash) end++;
      writer.unsigned(hash - before);
      writer.unsigned(end - at);
      for (let seq = 0; at < end; at++) {
        const next = seqIn(pairs[at]!);
        writer.unsigned(next - seq);
        seq = next;
      }
      before = hash;
    }
    shards[shard] = writer.take();
  }
  return shards;
}

/** The seqs of a shard whose traces have the term, ascending. */
export function lookUp(shard: Uint8Array, hash: number, firstSeq: number): number[] {
  const reader = new ByteReader(shard);
  let found = shardOf(hash) * 2 ** 26;
  while (!reader.isDone) {
    found += reader.unsigned();
    const count = reader.unsigned();
    if (found > hash) break;
    if (found === hash) return readSeqs(reader, count, firstSeq);
    for (let passed = 0; passed < count; passed++) reader.unsigned();
  }
  return [];
}

function readSeqs(reader: ByteReader, count: number, firstSeq: number): number[] {
  const seqs: number[] = [];
  let seq = firstSeq;
  for (let at = 0; at < count; at++) {
    seq += reader.unsigned();
    seqs.push(seq);
  }
  return seqs;
}

/** Hash and offset of the seq in one exact double, for a sort that calls no function. */
const span = 2 ** 20;
const hashIn = (pair: number): number => Math.floor(pair / span);
const seqIn = (pair: number): number => pair % span;

function sortedPairs(firstSeq: number, traces: ReadonlyMap<number, readonly number[]>): Float64Array {
  let length = 0;
  for (const terms of traces.values()) length += terms.length;
  const pairs = new Float64Array(length);
  let at = 0;
  for (const [seq, terms] of traces) for (const hash of terms) pairs[at++] = hash * span + (seq - firstSeq);
  return pairs.sort();
}
