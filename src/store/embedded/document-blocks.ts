import { deflateRawSync, inflateRawSync } from "node:zlib";
import { ByteReader } from "./byte-reader.ts";
import { ByteWriter } from "./byte-writer.ts";

/** Where a document lies: in which block, and where in it once inflated. */
export interface DocumentPlace {
  readonly block: number;
  readonly offset: number;
  readonly length: number;
}

/** Larger blocks deflate little better, and reading one trace inflates a whole block. */
const blockBytes = 65_536;

/** Packs documents into deflated blocks. Documents of a trace that are added one after the other lie together. */
export class BlockPacker {
  readonly #write: (block: number, bytes: Uint8Array) => void;
  #block: number;
  #documents: Uint8Array[] = [];
  #length = 0;

  constructor(firstBlock: number, write: (block: number, bytes: Uint8Array) => void) {
    this.#block = firstBlock;
    this.#write = write;
  }

  add(document: Uint8Array): DocumentPlace {
    if (this.#length > 0 && this.#length + document.length > blockBytes) this.flush();
    const place = { block: this.#block, offset: this.#length, length: document.length };
    this.#documents.push(document);
    this.#length += document.length;
    return place;
  }

  flush(): void {
    if (this.#length === 0) return;
    this.#write(this.#block, deflateRawSync(Buffer.concat(this.#documents, this.#length), { level: 2 }));
    this.#block += 1;
    this.#documents = [];
    this.#length = 0;
  }
}

/** Reads documents back; a block that several of them lie in is inflated once. */
export function readDocuments(
  places: readonly DocumentPlace[],
  readBlock: (block: number) => Uint8Array,
  inflated: Map<number, Buffer> = new Map(),
): string[] {
  return places.map(({ block, offset, length }) => {
    let bytes = inflated.get(block);
    if (bytes === undefined) {
      bytes = inflateRawSync(readBlock(block));
      inflated.set(block, bytes);
    }
    return bytes.toString("utf8", offset, offset + length);
  });
}

/** A block with some of its documents overwritten; the others stay where they are. */
export function withoutDocuments(block: Uint8Array, places: readonly DocumentPlace[]): Uint8Array {
  const bytes = inflateRawSync(block);
  for (const { offset, length } of places) bytes.fill(0, offset, offset + length);
  return deflateRawSync(bytes, { level: 2 });
}

const writer = new ByteWriter();

/** A document that follows the one before it in the same block needs only its length: its lowest bit says so. */
export function encodePlaces(places: readonly DocumentPlace[]): Uint8Array {
  let block = -1;
  let end = 0;
  for (const place of places) {
    const follows = place.block === block && place.offset === end;
    writer.unsigned(place.length * 2 + (follows ? 1 : 0));
    if (!follows) {
      writer.unsigned(place.block);
      writer.unsigned(place.offset);
    }
    block = place.block;
    end = place.offset + place.length;
  }
  return writer.take();
}

/** The way back. */
export function decodePlaces(bytes: Uint8Array): DocumentPlace[] {
  const reader = new ByteReader(bytes);
  const places: DocumentPlace[] = [];
  let block = -1;
  let end = 0;
  while (!reader.isDone) {
    const head = reader.unsigned();
    const length = Math.floor(head / 2);
    if (head % 2 === 0) {
      block = reader.unsigned();
      end = reader.unsigned();
    }
    places.push({ block, offset: end, length });
    end += length;
  }
  return places;
}
