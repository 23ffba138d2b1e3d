import fc from "fast-check";
import { expect, it } from "vitest";
import { arbitraryDigest, arbitraryRange, vocabulary } from "../../test/fixtures/arbitrary-traces.ts";
import { aCall, aDigest, aDigestSegment } from "../../test/fixtures/digest-builders.ts";
import { FluoroscopeError } from "../errors.ts";
import type { TraceDigest } from "../trace/digest.ts";
import { type Cell, sumCells } from "./cell.ts";
import { addCells, Cells, contribute } from "./cells.ts";
import { chooseCells, chosenCells, everyCell } from "./choose-cells.ts";
import { emitGraph } from "./emit-graph.ts";
import { decodeMinute, encodeMinute, mergeMinute } from "./encode-minute.ts";
import type { ServiceGraph } from "./service-graph.ts";
import { statistics } from "./statistics.ts";

const { startSeconds, endSeconds } = arbitraryRange;
const digests = fc.array(arbitraryDigest, { maxLength: 4 });

function cellsOf(some: readonly TraceDigest[], keepsSeconds = true): Cells {
  const cells = new Cells({ keepsSeconds });
  for (const digest of some) contribute(digest, 1, { at: () => cells });
  return cells;
}

function graphOf(cells: Cells): ServiceGraph {
  return emitGraph(cells, startSeconds, endSeconds);
}

it("reads what it wrote", () => {
  fc.assert(
    fc.property(digests, (some) => {
      const cells = cellsOf(some);
      const bytes = encodeMinute(cells);
      expect(graphOf(decodeMinute(bytes))).toEqual(graphOf(cells));
      expect(encodeMinute(decodeMinute(bytes)).length).toBe(bytes.length);
    }),
    { numRuns: 60 },
  );
});

it("reads cells from which traces can be taken back", () => {
  fc.assert(
    fc.property(digests, digests, (kept, dropped) => {
      const cells = decodeMinute(encodeMinute(cellsOf([...kept, ...dropped])));
      for (const digest of dropped) contribute(digest, -1, { at: () => cells });
      expect(graphOf(decodeMinute(encodeMinute(cells)))).toEqual(graphOf(cellsOf(kept)));
    }),
    { numRuns: 60 },
  );
});

it("adds minutes from their bytes as it adds their cells", () => {
  fc.assert(
    fc.property(digests, digests, (first, second) => {
      const merged = new Cells({ keepsSeconds: false });
      const added = new Cells({ keepsSeconds: false });
      for (const some of [first, second]) {
        mergeMinute(encodeMinute(cellsOf(some)), merged);
        addCells(cellsOf(some), added);
      }
      expect(graphOf(merged)).toEqual(graphOf(added));
      expect(graphOf(merged)).toEqual(graphOf(cellsOf([...first, ...second])));
    }),
    { numRuns: 60 },
  );
});

it("adds the chosen cells and no others", () => {
  const match = fc.record({ name: fc.constantFrom(...vocabulary.names) });
  const selectors = fc.oneof(
    fc.constant(undefined),
    fc.record({ kind: fc.constant("service" as const), node: match }),
    fc.record({ kind: fc.constant("edge" as const), from: match, to: match }),
  );
  fc.assert(
    fc.property(fc.array(arbitraryDigest, { maxLength: 8 }), selectors, (some, selector) => {
      const choice = chooseCells(selector);
      const chosen = new Cells({ keepsSeconds: false });
      mergeMinute(encodeMinute(cellsOf(some)), chosen, choice);
      const figures = (cells: readonly Cell[]) => statistics(sumCells(cells));
      expect(figures(chosenCells(chosen, choice))).toEqual(figures(chosenCells(cellsOf(some), choice)));
      expect(figures(chosenCells(chosen, everyCell))).toEqual(figures(chosenCells(chosen, choice)));
    }),
    { numRuns: 100 },
  );
});

it("keeps figures that take more than 32 bits", () => {
  const segments = [3600 * 24 * 30, 0.001].map((endSeconds) => aDigestSegment({ endSeconds }));
  const decoded = decodeMinute(encodeMinute(cellsOf([aDigest({ segments })])));
  expect(graphOf(decoded).nodes[0]!.statistics).toMatchObject({ totalSeconds: 2_592_000.001, total: 2 });
});

it("holds nothing once everything was taken back", () => {
  const cells = cellsOf([aDigest()]);
  contribute(aDigest(), -1, { at: () => cells });
  expect(encodeMinute(cells).length).toBeLessThan(16);
  expect(decodeMinute(encodeMinute(cells)).nodes).toEqual([]);
});

it("refuses bytes that are cut off at any place, or longer than they say", () => {
  const bytes = encodeMinute(cellsOf([aDigest()]));
  for (let length = 0; length < bytes.length; length += 1) {
    expect(() => decodeMinute(bytes.subarray(0, length))).toThrow(FluoroscopeError);
    const cells = new Cells({ keepsSeconds: false });
    const none = chooseCells({ kind: "service", node: { name: "nobody" } });
    expect(() => mergeMinute(bytes.subarray(0, length), cells, none)).toThrow(FluoroscopeError);
  }
  expect(() => decodeMinute(new Uint8Array([...bytes, 0]))).toThrow("cut off");
});

it("ends in an error or an answer, whatever bytes it reads", () => {
  const change = fc.tuple(fc.nat(), fc.nat(255));
  fc.assert(
    fc.property(digests, fc.array(change, { minLength: 1, maxLength: 8 }), (some, changes) => {
      const bytes = encodeMinute(cellsOf(some));
      for (const [at, byte] of changes) bytes[at % bytes.length] = byte;
      try {
        decodeMinute(bytes);
      } catch (error) {
        expect((error as FluoroscopeError).code).toBe("FLUORO_STORE_DAMAGED");
      }
    }),
    { numRuns: 300 },
  );
});

it("refuses to take traces back from cells that were written without their seconds", () => {
  const bytes = encodeMinute(cellsOf([aDigest()], false));
  expect(() => decodeMinute(bytes)).toThrow("seconds were not kept");
  const cells = new Cells({ keepsSeconds: false });
  mergeMinute(bytes, cells);
  expect(graphOf(cells)).toEqual(graphOf(cellsOf([aDigest()])));
});

it("reads what was written before cells said how long they are", () => {
  const shop = { name: "shop" };
  const stock = { name: "stock", type: "AWS::EC2::Instance", accountId: "123456789012" };
  const digest = aDigest({
    weight: 3,
    nodes: [shop, stock, { name: "orders-queue" }],
    segments: [aDigestSegment({ isRoot: true }), aDigestSegment({ node: 1, fault: true, endSeconds: 0.25 })],
    calls: [aCall({ alias: "stock.internal" })],
    links: [{ from: 2, to: 1, ageSeconds: 4.5 }],
  });
  const written = Buffer.from(
    "Ae8AAAAeAAAAAAYOc3RvY2suaW50ZXJuYWwEc2hvcAVzdG9jaxJBV1M6OkVDMjo6SW5zdGFuY2UMMTIzNDU2Nzg5MDEyDG9yZGVycy1xdWV1ZQMBAAACBAUFAAAFBAADAAMAAwAAAMCNtwEAAQAB6AcDAgUAAwAAAAMAAADAjbcBAAEAAegHAwIGAAEDAAAAAwAAAMCNtwEAAQEAAwHoBwMCBAEDAAAAAAAAA7DjLQAAAAH6AQMCBwIBAwAAAAAAAAOw4y0AAAAB+gEDAgGUIwMBAAMBAQMBAAMBAQMBAAMBAQMBAAMBAAMBAAMBAAM=",
    "base64",
  );
  const cells = cellsOf([digest]);
  expect(graphOf(decodeMinute(written))).toEqual(graphOf(cells));
  expect(encodeMinute(decodeMinute(written))).toEqual(encodeMinute(cells));

  const choice = chooseCells({ kind: "service", node: { name: "stock" } });
  const chosen = new Cells({ keepsSeconds: true });
  mergeMinute(written, chosen, choice);
  expect(chosen.nodes.map(({ id }) => id)).toEqual([stock]);
  expect(chosenCells(chosen, choice).map(({ fault }) => fault)).toEqual([3]);
});

it("refuses versions that it does not know", () => {
  const bytes = encodeMinute(cellsOf([aDigest()]));
  for (const version of [0, 3]) {
    bytes[0] = version;
    expect(() => decodeMinute(bytes)).toThrow("unknown version");
  }
});

it("refuses a cell that is shorter or longer than it says", () => {
  const bytes = encodeMinute(cellsOf([aDigest()]));
  const others = new Set<string>();
  for (let at = 9; at < bytes.length; at += 1) {
    const changed = bytes.slice();
    changed[at]! += 1;
    try {
      mergeMinute(changed, new Cells({ keepsSeconds: true }));
    } catch (error) {
      others.add((error as Error).message);
    }
  }
  expect([...others].join()).toContain("another length than it says");
});
