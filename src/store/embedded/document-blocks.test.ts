import { inflateRawSync } from "node:zlib";
import fc from "fast-check";
import { expect, it } from "vitest";
import { BlockPacker, decodePlaces, encodePlaces, readDocuments, withoutDocuments } from "./document-blocks.ts";

it("documents of any size come back from their blocks, in whatever order they are asked for", () => {
  const text = fc.oneof(
    fc.string({ unit: "binary", minLength: 1, maxLength: 50 }),
    fc.integer({ min: 1, max: 75_000 }).map((length) => "ab".repeat(length)),
  );
  fc.assert(
    fc.property(
      fc.array(text, { maxLength: 12 }),
      fc.nat(1e9),
      fc.infiniteStream(fc.nat()),
      (texts, firstBlock, random) => {
        const blocks = new Map<number, Uint8Array>();
        const packer = new BlockPacker(firstBlock, (block, bytes) => blocks.set(block, bytes));
        const places = texts.map((each) => packer.add(Buffer.from(each)));
        packer.flush();
        expect(decodePlaces(encodePlaces(places))).toEqual(places);
        const asked = places.map((_, at) => at).sort(() => (random.next().value! % 3) - 1);
        const read = readDocuments(
          decodePlaces(encodePlaces(asked.map((at) => places[at]!))),
          (block) => blocks.get(block)!,
        );
        expect(read).toEqual(asked.map((at) => Buffer.from(texts[at]!).toString()));
      },
    ),
    { numRuns: 50 },
  );
});

it("a document that is taken out of a block is nowhere in it, and the others stay where they are", () => {
  const blocks = new Map<number, Uint8Array>();
  const packer = new BlockPacker(1, (block, bytes) => blocks.set(block, bytes));
  const [before, secret, after] = ["before", "secret", "after"].map((text) => packer.add(Buffer.from(text)));
  packer.flush();
  blocks.set(1, withoutDocuments(blocks.get(1)!, [secret!]));
  expect(readDocuments([before!, after!], (block) => blocks.get(block)!)).toEqual(["before", "after"]);
  expect(inflateRawSync(blocks.get(1)!).toString()).not.toContain("secret");
});
