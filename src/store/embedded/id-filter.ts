import type { Database } from "./driver.ts";

/** Ten bits an id and five looked at: one id in a hundred is taken for one that is here, and then looked up in vain. */
const bitsPerId = 10;
const looks = 5;

/** Tells for certain that an id is not in a part, and nearly for certain that it is. */
export class IdFilter {
  readonly #bits: Uint8Array;

  constructor(bits: Uint8Array) {
    this.#bits = bits;
  }

  mayHave(key: Uint8Array): boolean {
    for (let look = 0; look < looks; look++) {
      const bit = bitOf(key, look, this.#bits.length * 8);
      if ((this.#bits[bit >>> 3]! & (1 << (bit & 7))) === 0) return false;
    }
    return true;
  }
}

/** The part's filter: as it was kept, or made and kept now. The part must not get new traces any more. */
export function idFilterOf(database: Database): IdFilter {
  const kept = database.prepare("SELECT bits FROM id_filter").get() as { bits: Uint8Array } | undefined;
  if (kept !== undefined) return new IdFilter(kept.bits);
  const { count } = database.prepare("SELECT count(*) AS count FROM trace").get() as { count: number };
  const bits = new Uint8Array(Math.max(8, Math.ceil((count * bitsPerId) / 8)));
  for (const row of database.prepare("SELECT id FROM trace INDEXED BY trace_by_id").iterate()) {
    const key = (row as { id: Uint8Array }).id;
    for (let look = 0; look < looks; look++) {
      const bit = bitOf(key, look, bits.length * 8);
      bits[bit >>> 3]! |= 1 << (bit & 7);
    }
  }
  database.prepare("INSERT INTO id_filter (one, bits) VALUES (1, ?)").run(bits);
  return new IdFilter(bits);
}

/** The last twelve bytes of an id are random, or as good as: two of their words, mixed anew for each look. */
function bitOf(key: Uint8Array, look: number, bits: number): number {
  const low = key[12]! | (key[13]! << 8) | (key[14]! << 16) | (key[15]! << 24);
  const high = key[8]! | (key[9]! << 8) | (key[10]! << 16) | (key[11]! << 24);
  const mixed = Math.imul(low ^ Math.imul(high + look, 0x9e3779b1), 0x85ebca6b);
  return ((mixed ^ (mixed >>> 15)) >>> 0) % bits;
}
