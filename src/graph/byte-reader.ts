import { FluoroscopeError } from "../errors.ts";

/** Reads what a `ByteWriter` wrote. Counts are checked against what is left, so that damaged bytes end in an error. */
export class ByteReader {
  private readonly bytes: Uint8Array;
  private readonly view: DataView;
  private at = 0;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  varint(): number {
    const bytes = this.bytes;
    const first = bytes[this.at++] ?? 0;
    if (first < 0x80) return first;
    const second = bytes[this.at++] ?? 0;
    let value = (first & 0x7f) + (second & 0x7f) * 0x80;
    if (second < 0x80) return value;
    for (let factor = 0x4000; factor < 2 ** 70; factor *= 0x80) {
      const byte = bytes[this.at++] ?? 0;
      value += (byte & 0x7f) * factor;
      if (byte < 0x80) return value;
    }
    throw damaged("a number is too long");
  }

  /** Passes over so many numbers without reading them. */
  skip(numbers: number): void {
    const { bytes, view } = this;
    const end = bytes.length;
    let at = this.at;
    let left = numbers;
    // Four bytes at a time: each byte without its high bit ends a number. The last few are looked at one by one, since the
    // next number may begin within the same four bytes.
    for (; left > 4 && at + 4 <= end; at += 4) {
      const ends = (~view.getInt32(at) >>> 7) & 0x01010101;
      left -= Math.imul(ends, 0x01010101) >>> 24;
    }
    for (; left > 0; at += 1) {
      if (at >= end) throw damaged("it is cut off");
      if (bytes[at]! < 0x80) left -= 1;
    }
    this.at = at;
  }

  /** Passes over so many bytes, which `count` has found to be there. */
  pass(bytes: number): void {
    this.at += bytes;
  }

  /** How many elements follow: each takes at least a byte. */
  count(): number {
    const count = this.varint();
    if (count > this.left) throw damaged("a list is longer than what is left");
    return count;
  }

  /** An index into a list of that length. */
  index(length: number): number {
    const index = this.varint();
    if (index >= length) throw damaged("an index points behind its list");
    return index;
  }

  text(): string {
    const length = this.count();
    const { bytes, at: start } = this;
    this.at += length;
    // Names are short and ASCII nearly always; asking the decoder for those costs twice as much.
    let text = "";
    for (let at = start; at < this.at; at += 1) {
      const byte = bytes[at]!;
      if (byte >= 0x80) return decoder.decode(bytes.subarray(start, this.at));
      text += String.fromCharCode(byte);
    }
    return text;
  }

  /** A fixed four bytes, low ones first. */
  uint32(): number {
    this.at += 4;
    if (this.left < 0) throw damaged("it is cut off");
    return this.view.getUint32(this.at - 4, true);
  }

  /** Bytes left; negative when more was read than there is. */
  get left(): number {
    return this.bytes.length - this.at;
  }
}

/** The bytes are not what was written. */
export function damaged(how: string): FluoroscopeError {
  return new FluoroscopeError(
    "FLUORO_STORE_DAMAGED",
    `A stored minute of the service graph cannot be read: ${how}. Its figures have to be recounted from the traces.`,
  );
}

const decoder = new TextDecoder();
