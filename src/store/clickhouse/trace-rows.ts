import { term } from "../../filter/term-names.ts";
import { forEachTerm } from "../../filter/terms.ts";
import type { TraceDigest } from "../../trace/digest.ts";
import type { Lookup, Numbering } from "../embedded/dictionary.ts";
import { DigestView } from "../embedded/digest-view.ts";
import { DigestEncoder } from "../embedded/encode-digest.ts";
import { traceKey } from "../embedded/trace-key.ts";
import { hashText } from "../hash-text.ts";
import { spanOf } from "../trace-span.ts";
import type { LoggedDocument } from "./replay-log.ts";
import type { RowWriter } from "./row-binary.ts";
import { hourOf } from "./trace-hour.ts";

/** A version of a trace, and the whole log that it was made of. */
export interface TraceVersion {
  readonly digest: TraceDigest;
  readonly log: readonly LoggedDocument[];
}

/** The columns that are written, in this order. */
export const traceColumns =
  "hour, trace, version, is_gone, documents, arrived, writer, id_seconds, start, end, from, until, segments, terms, figures, details";

/** Writes the row of a version. */
export function writeTrace(out: RowWriter, { digest, log }: TraceVersion, writer: bigint): void {
  const { idSeconds, startSeconds, endSeconds } = digest;
  const { from, until } = spanOf(digest);
  writeHead(out, hourOf(digest), digest.id, log, false, writer);
  for (const seconds of [idSeconds, startSeconds, endSeconds, from, until]) out.float64(seconds);
  const bytes = encoder.encode(digest);
  const { figuresLength } = encoder;
  out.uint32(sentSegments(digest)).uint32s(termHashes(digest));
  out.bytes(bytes.subarray(0, figuresLength)).bytes(bytes.subarray(figuresLength));
}

const nothing = new Uint8Array();

/** Writes that the trace does not stand under that hour any more. */
export function writeGone(out: RowWriter, hour: number, { digest, log }: TraceVersion, writer: bigint): void {
  writeHead(out, hour, digest.id, log, true, writer);
  for (let column = 0; column < 5; column++) out.float64(0);
  out.uint32(0).uint32s(new Set()).bytes(nothing).bytes(nothing);
}

/** What a row says, decoded as far as it is asked. */
export const viewTrace = (bytes: Uint8Array): TraceDigest => new DigestView(bytes, noNumbers);

/** The hash of a term, as it stands in the column `terms`. */
export const termHash = (of: string): number => hashText(of);

function writeHead(
  out: RowWriter,
  hour: number,
  traceId: string,
  log: readonly LoggedDocument[],
  isGone: boolean,
  writer: bigint,
): void {
  const arrived = log.reduce((newest, document) => (document.arrived > newest ? document.arrived : newest), 0n);
  out
    .uint32(hour)
    .fixed(traceKey(traceId))
    .uint64(versionOf(arrived, log.length))
    .uint8(isGone ? 1 : 0);
  out.uint32(log.length).int64(arrived).uint64(writer);
}

/** Of two logs of a trace one has all that the other has: the one with the newest document, or else with more of them. */
const versionOf = (arrived: bigint, documents: number): bigint => arrived * 4096n + BigInt(Math.min(documents, 4095));

/** Without numbers for texts: rows stand for themselves, and ClickHouse's compression finds what they have in common. */
const noNumbers: Numbering & Lookup = {
  numberOfText: () => 0,
  numberOfNode: () => 0,
  text: () => "",
  node: () => ({ name: "" }),
};

const encoder = new DigestEncoder(noNumbers);

function termHashes(digest: TraceDigest): Set<number> {
  const hashes = new Set<number>();
  forEachTerm(digest, (kind, value, key) => hashes.add(termHash(term(kind, value, key))));
  return hashes;
}

function sentSegments({ segments }: TraceDigest): number {
  let count = 0;
  for (const { inferred } of segments) if (!inferred) count += 1;
  return count;
}
