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
    let scale = 128;
    do {
      byte = this.#bytes[this.at++]!;
      value += (byte & 0x7f) * scale;
      scale *= 128;
    } while (byte > 0x7f);
    return value;
  }

  signed(): number {
    const value = this.unsigned();
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

  raw(length: number): Uint8Array {
    const from = this.at;
    this.at += length;
    return this.#bytes.subarray(from, this.at);
  }
}
