import { expect, it } from "vitest";
import type { DigestView } from "./digest-view.ts";
import { newestFirst, type Source } from "./newest-first.ts";

/** All that the order looks at. */
const trace = (startSeconds: number, id = `${startSeconds}`): DigestView => ({ startSeconds, id }) as DigestView;

function source(newestSeconds: number, traces: readonly DigestView[], log: string[] = [], name = ""): Source {
  return {
    newestSeconds,
    *open() {
      log.push(`open ${name}`);
      try {
        for (const each of traces) {
          yield undefined;
          yield each;
        }
      } finally {
        log.push(`close ${name}`);
      }
    },
  };
}

const idsOf = (sources: readonly Source[]): string[] =>
  [...newestFirst(sources, "Event")].flatMap((each) => each?.id ?? []);

it("sources that overlap give one order, newest first, those of one moment by their ids", () => {
  const sources = [
    source(9, [trace(9), trace(5, "b"), trace(1)]),
    source(7, [trace(7), trace(5, "c"), trace(5, "a")]),
    source(100, []),
    source(6, [trace(6)]),
  ];
  expect(idsOf(sources)).toEqual(["9", "7", "6", "c", "b", "a", "1"]);
});

it("a source is not opened before something in it may be next, and closed when nobody wants more", () => {
  const log: string[] = [];
  const sources = [source(9, [trace(9), trace(8)], log, "new"), source(5, [trace(5)], log, "old")];
  for (const each of newestFirst(sources, "Event")) if (each?.id === "8") break;
  expect(log).toEqual(["open new", "close new"]);
});
