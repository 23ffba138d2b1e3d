import fc from "fast-check";
import { expect, it } from "vitest";
import { RowReader, RowWriter } from "./row-binary.ts";

it("rows come back as they were written, whatever their size", () => {
  const row = fc.record({
    small: fc.nat(2 ** 32 - 1),
    large: fc.bigInt(0n, 2n ** 64n - 1n),
    signed: fc.bigInt(-(2n ** 63n), 2n ** 63n - 1n),
    seconds: fc.double({ noNaN: true }),
    key: fc.uint8Array({ minLength: 16, maxLength: 16 }),
    bytes: fc.oneof(
      fc.uint8Array({ maxLength: 300 }),
      fc.nat(100_000).map((length) => new Uint8Array(length).fill(7)),
    ),
  });
  fc.assert(
    fc.property(fc.array(row, { maxLength: 20 }), (rows) => {
      const writer = new RowWriter();
      for (const { small, large, signed, seconds, key, bytes } of rows) {
        writer.uint32(small).uint64(large).int64(signed).float64(seconds).fixed(key).bytes(bytes);
      }
      const reader = new RowReader(writer.take());
      for (const { small, large, signed, seconds, key, bytes } of rows) {
        expect([reader.uint32(), reader.uint64(), reader.int64(), reader.float64()]).toEqual([
          ...[small, large, signed, seconds],
        ]);
        expect(reader.fixed(16).equals(key)).toBe(true);
        expect(reader.bytes().equals(bytes)).toBe(true);
      }
      expect(reader.isDone).toBe(true);
    }),
    { numRuns: 50 },
  );
});

it("an array says how long it is", () => {
  expect([
    ...new RowWriter()
      .uint8(9)
      .uint32s(new Set([1, 258]))
      .take(),
  ]).toEqual([9, 2, 1, 0, 0, 0, 2, 1, 0, 0]);
});
