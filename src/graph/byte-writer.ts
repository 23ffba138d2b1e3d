/** Writes whole numbers as varints (seven bits a byte, low ones first) and texts as length and UTF-8. */
export class ByteWriter {
  private bytes = new Uint8Array(1024);
  private length = 0;

  varint(value: number): void {
    this.reserve(10);
    let rest = value;
    // Above 31 bits the shift operators lose bits, division does not.
    while (rest >= 0x8000_0000) {
      this.bytes[this.length++] = (rest % 128) | 0x80;
      rest = Math.floor(rest / 128);
    }
    while (rest >= 0x80) {
      this.bytes[this.length++] = (rest & 0x7f) | 0x80;
      rest >>>= 7;
    }
    this.bytes[this.length++] = rest;
  }

  text(value: string): void {
    const utf8 = encoder.encode(value);
    this.varint(utf8.length);
    this.raw(utf8);
  }

  /** A fixed four bytes, low ones first. */
  uint32(value: number): void {
    this.raw(new Uint8Array([value, value >>> 8, value >>> 16, value >>> 24]));
  }

  raw(bytes: Uint8Array): void {
    this.reserve(bytes.length);
    this.bytes.set(bytes, this.length);
    this.length += bytes.length;
  }

  /** Takes over what another has written, behind its length; that one is empty then. */
  moveFrom(other: ByteWriter): void {
    this.varint(other.length);
    this.raw(other.bytes.subarray(0, other.length));
    other.length = 0;
  }

  /** What was written, in a buffer of its own. */
  take(): Uint8Array {
    return this.bytes.slice(0, this.length);
  }

  private reserve(more: number): void {
    if (this.length + more <= this.bytes.length) return;
    const grown = new Uint8Array(Math.max(this.bytes.length * 2, this.length + more));
    grown.set(this.bytes);
    this.bytes = grown;
  }
}

const encoder = new TextEncoder();
