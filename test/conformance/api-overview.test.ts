import { afterAll, beforeAll, expect, it } from "vitest";
import type { Overview } from "../../src/analysis/overview.ts";
import { aDocument, anId, aWireSubsegment } from "../fixtures/builders.ts";
import { type AServer, aServer } from "./a-server.ts";

const t0 = 1_700_000_000;
const range = { start: String(t0 - 60), end: String(t0 + 3_600) };
const traceId = (n: number): string => `1-6553f100-${n.toString(16).padStart(24, "0")}`;

let server: AServer;
beforeAll(async () => {
  server = await aServer();
  const documents = Array.from({ length: 40 }, (_, n) => {
    const fails = n % 10 === 0;
    const exception = { id: anId(), type: "Timeout", message: `no answer from "db"` };
    return aDocument({
      trace_id: traceId(n),
      name: "shop",
      ...{ start_time: t0 + n * 60, end_time: t0 + n * 60 + 0.01 * (n + 1) },
      http: {
        request: { method: "GET", url: n < 30 ? "http://shop/cart" : `http://shop/search?q=${n}` },
        response: { status: fails ? 500 : 200 },
      },
      user: `user-${n % 4}`,
      annotations: { tier: n % 2 === 0 ? "plus" : "free", order: n },
      ...(fails && { fault: true, cause: { exceptions: [exception] } }),
      ...(n < 5 && { subsegments: [aWireSubsegment({ name: "db", namespace: "remote" })] }),
    });
  });
  await server.post("/TraceSegments", { TraceSegmentDocuments: documents });
});
afterAll(() => server?.close());

async function get(path: string, query: Record<string, string>, headers: Record<string, string> = {}) {
  return fetch(`${server.addresses.http}${path}?${new URLSearchParams({ ...range, ...query })}`, { headers });
}
const overview = async (query: Record<string, string>): Promise<Overview> =>
  (await (await get("/api/overview", query)).json()) as Overview;

it("an overview counts all traces of the range, when they began and how long they took", async () => {
  const { traces, failing, isPartial, heatmap, facets } = await overview({ columns: "10" });
  expect([traces, failing, isPartial, facets]).toEqual([40, 4, false, []]);
  expect(heatmap).toMatchObject({ startSeconds: t0 - 60, columns: 10, columnSeconds: 366 });
  const sum = (at: 1 | 2): number => heatmap!.cells.reduce((total, cell) => total + cell[at], 0);
  expect([sum(1), sum(2)]).toEqual([40, 4]);
});

it("its facets say how many traces have which value, and how many of these fail", async () => {
  const { facets } = await overview({ values: "3" });
  const of = (kind: string, key?: string) => facets.find((facet) => facet.kind === kind && facet.key === key)!;
  expect(of("service").values).toEqual([
    { value: "shop", traces: 40, failing: 4 },
    { value: "db", traces: 5, failing: 1 },
  ]);
  expect(of("operation").values).toEqual([
    { value: "http://shop/cart", method: "GET", traces: 30, failing: 3 },
    { value: "http://shop/search?", method: "GET", goesOn: true, traces: 10, failing: 1 },
  ]);
  expect(of("status").values.map(({ value, traces }) => [value, traces])).toEqual([
    [200, 36],
    [500, 4],
  ]);
  expect(of("exception").values).toEqual([
    { value: "Timeout", message: 'no answer from "db"', family: "fault", traces: 4, failing: 4 },
  ]);
  expect(of("annotation", "tier").values.map(({ value, traces }) => [value, traces])).toEqual([
    ["free", 20],
    ["plus", 20],
  ]);
  expect(of("user")).toMatchObject({ traces: 40, distinct: 4, isOpen: false });
  expect(of("annotation", "order").values).toHaveLength(3);
});

it("a filter narrows all of it down; one that cannot be read is refused with the place", async () => {
  expect(await overview({ filter: 'fault AND annotation.tier = "plus"' })).toMatchObject({ traces: 4, failing: 4 });
  const answer = await get("/api/overview", { filter: "fault AND" });
  expect([answer.status, answer.headers.get("x-amzn-errortype")]).toEqual([400, "InvalidRequestException"]);
  expect(await answer.json()).toMatchObject({ Position: expect.any(Number) });
});

it("who takes lines gets the last one marked as such", async () => {
  const answer = await get("/api/overview", { columns: "4" }, { accept: "application/x-ndjson" });
  expect(answer.headers.get("content-type")).toMatch("application/x-ndjson");
  const lines = (await answer.text()).trim().split("\n");
  expect(JSON.parse(lines.at(-1)!)).toMatchObject({ traces: 40, isPartial: false, Final: true });
});

it("the values of a keyword are found by a part of them, the commonest first", async () => {
  const values = async (query: Record<string, string>) => (await get("/api/values", query)).json();
  expect(await values({ keyword: "user", contains: "USER-1" })).toEqual({
    values: [{ value: "user-1", traces: 10 }],
    isPartial: false,
  });
  expect(await values({ keyword: "annotation.tier", filter: "fault" })).toEqual({
    values: [{ value: "plus", traces: 4 }],
    isPartial: false,
  });
  expect(await values({ keyword: "annotation" })).toMatchObject({ values: [{ value: "order" }, { value: "tier" }] });
  expect(await values({ keyword: "message" })).toMatchObject({ values: [{ value: 'no answer from "db"', traces: 4 }] });
  expect(await values({ keyword: "http.url", limit: "2" })).toMatchObject({
    values: [{ value: "http://shop/cart" }, { value: "http://shop/search?q=30" }],
  });
});

it.each([
  ["/api/overview", { start: "soon" }],
  ["/api/overview", { end: "1" }],
  ["/api/overview", { columns: "1000000" }],
  ["/api/overview", { values: "-1" }],
  ["/api/values", {}],
  ["/api/values", { keyword: "duration" }],
  ["/api/values", { keyword: "user", limit: "1e9" }],
])("%s refuses %j", async (path, query) => {
  const answer = await get(path, query);
  expect([answer.status, answer.headers.get("x-amzn-errortype")]).toEqual([400, "InvalidRequestException"]);
});
