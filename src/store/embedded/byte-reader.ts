/** Reads what a `ByteWriter` wrote. `at` may be set, to read a section again or to pass one over. */
export class ByteReader {
  readonly #bytes: Uint8Array;
  at: number;

  constructor(bytes: Uint8Array, at = 0) {
    this.#bytes = bytes;
    this.at = at;
  }

  get isDone(): boolean {
    return this.at >= this.#bytes.length;
  }

  byte(): number {
    return this.#bytes[this.at++]!;
  }

  unsigned(): number {
    let byte = this.#bytes[this.at++]!;
    if (byte < 0x80) return byte;
    let value = byte & 0x7f;
    for (let shift = 7; shift < 28; shift += 7) {
      byte = this.#bytes[this.at++]!;
      value |= (byte & 0x7f) << shift;
      if (byte < 0x80) return value;
    }
    // Above 28 bits the shift operators run out of room, multiplication does not.
    let scale = 2 ** 28;
    do {
      byte = this.#bytes[this.at++]!;
      value += (byte & 0x7f) * scale;
      scale *= 128;
    } while (byte > 0x7f);
    return value;
  }

  signed(): number {
    const value = this.unsigned();
    // Nearly all are small, and whole numbers are quicker to take apart than doubles.
    if (value <= 0x7fffffff) return value & 1 ? -(value >>> 1) - 1 : value >>> 1;
    return value % 2 === 1 ? -(value + 1) / 2 : value / 2;
  }

  double(): number {
    const view = new DataView(this.#bytes.buffer, this.#bytes.byteOffset + this.at, 8);
    this.at += 8;
    return view.getFloat64(0, true);
  }

  text(): string {
    const length = this.unsigned();
    const bytes = this.#bytes;
    const end = this.at + length;
    const start = this.at;
    this.at = end;
    if (length > 24) return Buffer.from(bytes.buffer, bytes.byteOffset + start, length).toString("utf8");
    let text = "";
    for (let at = start; at < end; at++) {
      const code = bytes[at]!;
      if (code > 0x7f) return Buffer.from(bytes.buffer, bytes.byteOffset + start, length).toString("utf8");
      text += String.fromCharCode(code);
    }
    return text;
  }

  /** Of what has been read or is still to be; nothing is copied. */
  range(from: number, to: number): Uint8Array {
    return this.#bytes.subarray(from, to);
  }
}
