const quote = 0x22;
const backslash = 0x5c;
const firstBytes = 64 * 1024;
/** Enough for fifty documents of 1 MB in all; a slab that one enormous text has blown up is not kept. */
const keptBytes = 4 * 2 ** 20;
/** No UTF-16 unit becomes more than `\u00XX`. */
export const longestUnit = 6;

/**
 * JSON being written as UTF-8, byte by byte. A text of many pieces, flattened and encoded in the end, costs three times as
 * much and leaves more behind.
 */
export class JsonBytes {
  #bytes: Uint8Array;
  #end = 0;

  constructor(expectedBytes: number = firstBytes) {
    this.#bytes = new Uint8Array(expectedBytes);
  }

  /** What has been written, as a copy, to begin anew: memory that is used again costs less than fresh memory. */
  take(): Uint8Array {
    const written = this.#bytes.slice(0, this.#end);
    this.clear();
    return written;
  }

  /** What has been written, as it lies there: good until more is. */
  written(): Uint8Array {
    return this.#bytes.subarray(0, this.#end);
  }

  /** Forgets what has been written. */
  clear(): void {
    this.#end = 0;
    if (this.#bytes.length > keptBytes) this.#bytes = new Uint8Array(firstBytes);
  }

  /** Writes what is JSON already, all in ASCII. */
  raw(json: string): void {
    this.#reserve(json.length);
    const bytes = this.#bytes;
    let end = this.#end;
    for (let at = 0; at < json.length; at += 1) bytes[end++] = json.charCodeAt(at);
    this.#end = end;
  }

  /** Writes what was written before. */
  bytes(written: Uint8Array): void {
    this.#reserve(written.length);
    this.#bytes.set(written, this.#end);
    this.#end += written.length;
  }

  /** Writes a text as a JSON string. */
  text(text: string): void {
    this.#reserve(text.length * longestUnit + 2);
    const bytes = this.#bytes;
    let end = this.#end;
    bytes[end++] = quote;
    for (let at = 0; at < text.length; at += 1) {
      const unit = text.charCodeAt(at);
      if (unit < 0x80 && unit >= 0x20 && unit !== quote && unit !== backslash) {
        bytes[end++] = unit;
      } else if (unit < 0x80) {
        end = writeEscape(bytes, end, unit);
      } else {
        const point = text.codePointAt(at)!;
        if (point > 0xffff) at += 1;
        end = writePoint(bytes, end, point);
      }
    }
    bytes[end++] = quote;
    this.#end = end;
  }

  #reserve(more: number): void {
    const needed = this.#end + more;
    if (needed <= this.#bytes.length) return;
    const larger = new Uint8Array(Math.max(needed, 2 * this.#bytes.length));
    larger.set(this.#bytes.subarray(0, this.#end));
    this.#bytes = larger;
  }
}

function writeEscape(bytes: Uint8Array, start: number, unit: number): number {
  let end = start;
  bytes[end++] = backslash;
  if (unit === quote || unit === backslash) {
    bytes[end++] = unit;
    return end;
  }
  for (const digit of `u${unit.toString(16).padStart(4, "0")}`) bytes[end++] = digit.charCodeAt(0);
  return end;
}

/** As UTF-8. Half a surrogate pair, left where a sender cut a text, is no text to a strict reader: it becomes U+FFFD. */
function writePoint(bytes: Uint8Array, start: number, given: number): number {
  const point = given >= 0xd800 && given < 0xe000 ? 0xfffd : given;
  let end = start;
  if (point < 0x800) {
    bytes[end++] = 0xc0 | (point >> 6);
  } else {
    if (point < 0x10000) {
      bytes[end++] = 0xe0 | (point >> 12);
    } else {
      bytes[end++] = 0xf0 | (point >> 18);
      bytes[end++] = 0x80 | ((point >> 12) & 0x3f);
    }
    bytes[end++] = 0x80 | ((point >> 6) & 0x3f);
  }
  bytes[end++] = 0x80 | (point & 0x3f);
  return end;
}
