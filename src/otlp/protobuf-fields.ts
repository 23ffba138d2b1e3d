import { PbfReader } from "pbf";
import { NotDecodable } from "../otel/decoded.ts";
import { KnownTexts } from "./known-texts.ts";

const keys = new KnownTexts();

/** Groups were given up before OTLP was made; nobody nests them. */
const maxGroups = 8;
const largestTag = 0xffff_ffff;

/**
 * Protobuf's fields, strictly: what reaches beyond the message it stands in is an error. pbf alone reads on into whatever
 * follows, and makes do with what is there at the end of the bytes. Each method takes where the enclosing message ends.
 */
export class ProtobufFields extends PbfReader {
  readonly #buffer: Buffer;

  constructor(bytes: Uint8Array) {
    super(bytes);
    this.#buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  }

  /** Where the message or text that begins here ends. */
  lengthEnd(end: number): number {
    const stop = this.readVarint() + this.pos;
    if (stop > end) throw new NotDecodable(`what begins at byte ${this.pos} is longer than what it stands in`);
    return stop;
  }

  /** To be called after the last field of a message. */
  finish(end: number): void {
    if (this.pos !== end) throw new NotDecodable(`the field before byte ${this.pos} is longer than what it stands in`);
  }

  text(end: number): string {
    const stop = this.lengthEnd(end);
    const from = this.pos;
    this.pos = stop;
    return this.#buffer.toString("utf8", from, stop);
  }

  /** A text that others will have too. */
  key(end: number): string {
    const stop = this.lengthEnd(end);
    const from = this.pos;
    this.pos = stop;
    return keys.textAt(this.buf, from, stop, () => this.#buffer.toString("utf8", from, stop));
  }

  hex(end: number): string {
    const stop = this.lengthEnd(end);
    const from = this.pos;
    this.pos = stop;
    return this.#buffer.toString("hex", from, stop);
  }

  base64(end: number): string {
    const stop = this.lengthEnd(end);
    const from = this.pos;
    this.pos = stop;
    return this.#buffer.toString("base64", from, stop);
  }

  /** An int64: a number, or its decimal text where no number of JavaScript holds it. */
  integer(): number | string {
    const from = this.pos;
    const value = this.readVarint(true);
    if (Number.isSafeInteger(value)) return value;
    let bits = 0n;
    for (let at = this.pos - 1; at >= from; at -= 1) bits = (bits << 7n) | BigInt(this.buf[at]! & 0x7f);
    return BigInt.asIntN(64, bits).toString();
  }

  /** A fixed64 in decimal: no number of JavaScript holds nanoseconds since 1970. Divided by hand, being spared a BigInt. */
  nanoseconds(): string {
    const low = this.readFixed32();
    const high = this.readFixed32();
    if (high === 0) return String(low);
    const third = high >>> 16;
    const second = (third % billion) * 0x1_0000 + (high & 0xffff);
    const first = (second % billion) * 0x1_0000 + (low >>> 16);
    const zeroth = (first % billion) * 0x1_0000 + (low & 0xffff);
    const seconds = (Math.floor(second / billion) * 0x1_0000 + Math.floor(first / billion)) * 0x1_0000;
    return String(seconds + Math.floor(zeroth / billion)) + String((zeroth % billion) + billion).slice(1);
  }

  /** Steps over a field that nobody here knows. */
  skipField(tag: number, end: number, groups = 0): void {
    if (tag > largestTag || tag >>> 3 === 0) throw new NotDecodable(`there is no field before byte ${this.pos}`);
    switch (tag & 7) {
      case 0:
        this.readVarint();
        break;
      case 1:
        this.pos += 8;
        break;
      case 2:
        this.pos = this.lengthEnd(end);
        break;
      case 3:
        this.#skipGroup(tag, end, groups);
        break;
      case 5:
        this.pos += 4;
        break;
      default:
        throw new NotDecodable(`there is no field before byte ${this.pos}`);
    }
  }

  /** A group ends with a tag of its own. */
  #skipGroup(tag: number, end: number, groups: number): void {
    if (groups === maxGroups) throw new NotDecodable("groups are nested too deep");
    while (this.pos < end) {
      const inner = this.readVarint();
      if (inner === tag + 1) return;
      this.skipField(inner, end, groups + 1);
    }
    throw new NotDecodable("a group has no end");
  }
}

const billion = 1e9;
