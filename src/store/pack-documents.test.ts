import fc from "fast-check";
import { expect, it } from "vitest";
import { packDocuments, unpackDocuments } from "./pack-documents.ts";

const document = fc.record(
  { bytes: fc.uint8Array({ maxLength: 50 }), weight: fc.integer({ min: 1, max: 2 ** 31 }) },
  { requiredKeys: ["bytes"] },
);

it("documents are the same after their way between threads, and so are their weights", () => {
  fc.assert(
    fc.property(fc.array(document, { maxLength: 8 }), (documents) => {
      const crossed = unpackDocuments(structuredClone(packDocuments(documents)));
      expect(crossed.map(({ bytes, ...rest }) => ({ bytes: [...bytes], ...rest }))).toEqual(
        documents.map(({ bytes, ...rest }) => ({ bytes: [...bytes], ...rest })),
      );
    }),
  );
});
