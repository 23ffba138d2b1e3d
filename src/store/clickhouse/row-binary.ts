/** Writes rows in ClickHouse's `RowBinary`: column after column, nothing in between. */
export class RowWriter {
  #bytes: Buffer = Buffer.allocUnsafe(65_536);
  #length = 0;

  get length(): number {
    return this.#length;
  }

  uint8(value: number): this {
    this.#room(1);
    this.#bytes[this.#length++] = value;
    return this;
  }

  uint32(value: number): this {
    this.#room(4);
    this.#length = this.#bytes.writeUInt32LE(value, this.#length);
    return this;
  }

  uint64(value: bigint): this {
    this.#room(8);
    this.#length = this.#bytes.writeBigUInt64LE(value, this.#length);
    return this;
  }

  int64(value: bigint): this {
    this.#room(8);
    this.#length = this.#bytes.writeBigInt64LE(value, this.#length);
    return this;
  }

  float64(value: number): this {
    this.#room(8);
    this.#length = this.#bytes.writeDoubleLE(value, this.#length);
    return this;
  }

  /** A `FixedString` of just so many bytes. */
  fixed(bytes: Uint8Array): this {
    this.#room(bytes.length);
    this.#bytes.set(bytes, this.#length);
    this.#length += bytes.length;
    return this;
  }

  /** A `String`. */
  bytes(bytes: Uint8Array): this {
    return this.#varint(bytes.length).fixed(bytes);
  }

  /** An `Array(UInt32)`. */
  uint32s(values: Iterable<number> & { readonly size: number }): this {
    this.#varint(values.size);
    for (const value of values) this.uint32(value);
    return this;
  }

  take(): Buffer {
    const taken = this.#bytes.subarray(0, this.#length);
    this.#bytes = Buffer.allocUnsafe(65_536);
    this.#length = 0;
    return taken;
  }

  #varint(value: number): this {
    let left = value;
    while (left > 0x7f) {
      this.uint8((left & 0x7f) | 0x80);
      left >>>= 7;
    }
    return this.uint8(left);
  }

  #room(more: number): void {
    const wanted = this.#length + more;
    if (wanted <= this.#bytes.length) return;
    const grown = Buffer.allocUnsafe(Math.max(wanted, this.#bytes.length * 2));
    grown.set(this.#bytes.subarray(0, this.#length));
    this.#bytes = grown;
  }
}

/** Reads what a `SELECT … FORMAT RowBinary` answered; what it hands out are views of those bytes. */
export class RowReader {
  readonly #bytes: Buffer;
  #at = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  get isDone(): boolean {
    return this.#at >= this.#bytes.length;
  }

  uint32(): number {
    const value = this.#bytes.readUInt32LE(this.#at);
    this.#at += 4;
    return value;
  }

  uint64(): bigint {
    const value = this.#bytes.readBigUInt64LE(this.#at);
    this.#at += 8;
    return value;
  }

  int64(): bigint {
    const value = this.#bytes.readBigInt64LE(this.#at);
    this.#at += 8;
    return value;
  }

  float64(): number {
    const value = this.#bytes.readDoubleLE(this.#at);
    this.#at += 8;
    return value;
  }

  fixed(length: number): Buffer {
    const bytes = this.#bytes.subarray(this.#at, this.#at + length);
    this.#at += length;
    return bytes;
  }

  bytes(): Buffer {
    return this.fixed(this.#varint());
  }

  #varint(): number {
    let value = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = this.#bytes[this.#at++] ?? 0;
      value |= (byte & 0x7f) << shift;
      if (byte < 0x80) return value;
    }
  }
}
