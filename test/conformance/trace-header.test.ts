import { describe, expect, it } from "vitest";
import { newSegmentId } from "../../src/xray/segment-id.ts";
import { formatTraceHeader, parseTraceHeader, type TraceHeader } from "../../src/xray/trace-header.ts";
import { newTraceId, parseTraceId, toW3cTraceId, traceIdSeconds } from "../../src/xray/trace-id.ts";
import { parseTraceparent } from "../../src/xray/traceparent.ts";

const root = "1-5759e988-bd862e3fe1be46a994272793";
const parent = "53995c3f42cd8ad8";
const self = "1-67891234-12456789abcdef012345678";
const all: TraceHeader = { root, parent, sampled: "1", extra: [] };

const readings: readonly [id: string, text: string, header: TraceHeader][] = [
  ["C-30", `Root=${root};Parent=${parent};Sampled=1`, all],
  ["C-30", `Root=${root};Sampled=1;Parent=${parent}`, all],
  ["C-31", `Root=${root};Sampled=?`, { root, sampled: "?", extra: [] }],
  ["C-32", `Root=${root}; Parent=${parent}; Sampled=1`, all],
  ["C-32", ` Root = ${root} ;Parent= ${parent};Sampled =1 `, all],
  ["C-33", `root=${root};PARENT=${parent};sampled=1`, all],
  ["C-34", `Self=${self};Root=${root};Sampled=1`, { root, sampled: "1", extra: [] }],
  ["C-35", `Root=${root};Lineage=a87bd80c:1|68fd508a:5`, { root, extra: ["Lineage=a87bd80c:1|68fd508a:5"] }],
  ["C-35", `Root=${root};CalledFrom=app;k=v=w`, { root, extra: ["CalledFrom=app", "k=v=w"] }],
  ["C-36", `Root=${root};Parent`, { root, extra: [] }],
  ["C-36", `Root=${root};Parent=`, { root, extra: [] }],
  ["C-37", `Root=${root};Sampled=true`, { root, extra: [] }],
  ["C-38", "", { extra: [] }],
  ["C-38", ";;;", { extra: [] }],
  ["C-38", "garbage", { extra: [] }],
  ["C-39", `Root=garbage;Parent=${parent};Sampled=1`, { sampled: "1", extra: [] }],
  ["C-39", "Root=garbage;Parent=zz;Sampled=2", { extra: [] }],
  ["C-41", `Root=${root.replaceAll("-", "").slice(1)};Parent=${parent}`, { root, parent, extra: [] }],
  ["C-44", `Root=${root.toUpperCase()};Parent=${parent.toUpperCase()};Sampled=1`, all],
];

it.each(readings)("%s: %j is read leniently", (_, text, header) => {
  expect(parseTraceHeader(text)).toEqual(header);
});

describe("what goes out", () => {
  it("C-31: the answer to a caller that asks names the root and the decision", () => {
    const { root, sampled } = parseTraceHeader(`Root=${all.root};Parent=${parent};Sampled=?`);
    expect(sampled).toBe("?");
    expect(formatTraceHeader({ root: root!, sampled: "0", extra: [] })).toBe(`Root=${all.root};Sampled=0`);
  });

  it("C-35: the header to the next service still has the lineage", () => {
    const { extra } = parseTraceHeader(`Root=${root};Lineage=a:1`);
    expect(formatTraceHeader({ ...all, extra })).toBe(`Root=${root};Parent=${parent};Sampled=1;Lineage=a:1`);
  });

  it("C-39: an unusable root is followed by a new trace", () => {
    const id = parseTraceHeader("Root=garbage").root ?? newTraceId(Date.now());
    expect(parseTraceId(id)).toBe(id);
  });

  it("C-40: an unsampled trace keeps its real root and parent", () => {
    const text = formatTraceHeader({ root, parent, sampled: "0", extra: [] });
    expect(text).toBe(`Root=${root};Parent=${parent};Sampled=0`);
  });
});

describe("ids", () => {
  it("C-41: 32 hex digits name the same trace as X-Ray's form", () => {
    expect(parseTraceId("4efaaf4d1e8720b39541901950019ee5")).toBe("1-4efaaf4d-1e8720b39541901950019ee5");
    expect(toW3cTraceId("1-4efaaf4d-1e8720b39541901950019ee5")).toBe("4efaaf4d1e8720b39541901950019ee5");
  });

  it("C-42: any time in the id will do", () => {
    for (const time of ["00000000", "ffffffff", "0af76519"]) {
      expect(parseTraceId(`1-${time}-bd862e3fe1be46a994272793`)).toBe(`1-${time}-bd862e3fe1be46a994272793`);
    }
  });

  it("C-43: 10,000 new ids have X-Ray's form, this second, and no duplicates", () => {
    const before = Date.now() / 1000;
    const ids = Array.from({ length: 10_000 }, () => newTraceId(Date.now()));
    const after = Date.now() / 1000;
    for (const id of ids) {
      expect(id).toMatch(/^1-[0-9a-f]{8}-[0-9a-f]{24}$/);
      expect(traceIdSeconds(id)).toBeGreaterThan(before - 1);
      expect(traceIdSeconds(id)).toBeLessThan(after + 1);
    }
    expect(new Set(ids).size).toBe(10_000);
    expect(new Set(Array.from({ length: 10_000 }, () => newSegmentId())).size).toBe(10_000);
  });

  it("C-44: upper-case digits name the same trace as lower-case ones", () => {
    expect(parseTraceId(root.toUpperCase())).toBe(root);
  });

  it("C-45: a traceparent alone continues its trace", () => {
    const text = "00-4efaaf4d1e8720b39541901950019ee5-53995c3f42cd8ad8-01";
    const expected = { traceId: "1-4efaaf4d-1e8720b39541901950019ee5", parentId: parent, isSampled: true };
    expect(parseTraceparent(text)).toEqual(expected);
  });
});
