import { describe, expect, it } from "vitest";
import { aDocument, parsed } from "../../test/fixtures/builders.ts";
import { digestOf } from "../../test/fixtures/digests.ts";
import { parseFilter } from "../filter/parser.ts";
import { Judge } from "./judge.ts";

const document = aDocument({ user: "alice", metadata: { default: { n: 1 } } });
const digest = digestOf([document]);
const segments = parsed(document);

describe("Judge", () => {
  it("reads documents only where the digest leaves it open", () => {
    const asks = (text: string): [lets: boolean, holds: boolean, read: number] => {
      const judge = new Judge(parseFilter(text));
      const lets = judge.lets(digest);
      const holds = lets && judge.holds(digest, () => segments);
      return [lets, holds, judge.tracesRead];
    };
    expect(asks("metadata.default.n = 1")).toEqual([true, true, 1]);
    expect(asks("metadata.default.n = 2")).toEqual([true, false, 1]);
    expect(asks("fault AND metadata.default.n = 1")).toEqual([false, false, 0]);
    expect(asks('user = "alice" OR metadata.default.n = 2')).toEqual([true, true, 0]);
    expect(asks('user = "alice" AND !(metadata.default.n = 2)')).toEqual([true, true, 1]);
    expect(asks("ok")).toEqual([true, true, 0]);
  });

  it("refuses figures for which too many traces would have to be read, and says what to do", () => {
    const judge = new Judge(parseFilter("subsegment()"));
    const next = () => judge.holdsForFigure(digest, () => segments);
    for (let read = 0; read < 50_000; read += 1) next();
    expect(next).toThrow(
      expect.objectContaining({ code: "FLUORO_REFUSED", message: expect.stringContaining("service(…)") }),
    );
  });
});
