import { traceKey } from "../embedded/trace-key.ts";

/** So many stand in one statement: 256 KB is the longest that ClickHouse reads by default. */
const idsPerStatement = 4_000;

/** The set of these traces, as a statement has it. Ids are hexadecimal digits and nothing else. */
export function idSet(traceIds: readonly string[]): string {
  const keys = traceIds.map((id) => `'${Buffer.from(traceKey(id)).toString("hex")}'`);
  return `(SELECT toFixedString(unhex(arrayJoin([${keys.join(",")}])), 16))`;
}

/** Lists short enough for one statement each. */
export function inStatements<T>(all: readonly T[], length: number = idsPerStatement): T[][] {
  const parts: T[][] = [];
  for (let at = 0; at < all.length; at += length) parts.push(all.slice(at, at + length));
  return parts;
}

/** A number with all its bits, whatever a parser of decimals makes of them. */
export function exactly(seconds: number): string {
  const bytes = Buffer.alloc(8);
  bytes.writeDoubleLE(seconds);
  return `reinterpretAsFloat64(unhex('${bytes.toString("hex")}'))`;
}
