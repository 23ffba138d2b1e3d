const maxBytes = 48;
const places = 512;

interface Known {
  readonly bytes: Uint8Array;
  readonly text: string;
}

/**
 * Texts that come again and again, as the keys of attributes do: comparing bytes is cheaper than making a text of them, and
 * a text that is there already is found sooner in a map. What was seen last at a place is kept there, and nothing grows.
 */
export class KnownTexts {
  readonly #known: (Known | undefined)[] = new Array<Known | undefined>(places).fill(undefined);

  /** The text of these bytes, which `read` makes where it is not known. */
  textAt(bytes: Uint8Array, from: number, to: number, read: () => string): string {
    const length = to - from;
    if (length === 0 || length > maxBytes) return read();
    let hash = length;
    for (let at = from; at < to; at += 1) hash = (Math.imul(hash, 31) + bytes[at]!) | 0;
    const place = hash & (places - 1);
    const known = this.#known[place];
    if (known !== undefined && isSame(known.bytes, bytes, from, length)) return known.text;
    const text = read();
    // A copy: a Buffer's `slice` would hold the whole request in memory.
    this.#known[place] = { bytes: new Uint8Array(bytes.subarray(from, to)), text };
    return text;
  }
}

function isSame(known: Uint8Array, bytes: Uint8Array, from: number, length: number): boolean {
  if (known.length !== length) return false;
  for (let at = 0; at < length; at += 1) if (known[at] !== bytes[from + at]) return false;
  return true;
}
