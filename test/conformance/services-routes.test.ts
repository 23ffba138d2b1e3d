import { afterAll, beforeAll, expect, it } from "vitest";
import type { ServicesSeries } from "../../src/api/wire-services.ts";
import { type AServer, aServer } from "./a-server.ts";

let server: AServer;
/** A minute that is over. */
const start = Math.floor(Date.now() / 60_000) * 60 - 600;

beforeAll(async () => {
  server = await aServer();
  const segment = (id: number, seconds: number, more: object = {}): string =>
    JSON.stringify({
      trace_id: `1-${start.toString(16)}-${id.toString(16).padStart(24, "0")}`,
      id: id.toString(16).padStart(16, "0"),
      name: "orders",
      start_time: seconds,
      end_time: seconds + 0.2,
      ...more,
    });
  const documents = [
    segment(1, start + 10),
    segment(2, start + 70),
    segment(3, start + 75, { fault: true, end_time: start + 76 }),
    segment(4, start + 80, { name: "stock" }),
  ];
  const { status } = await server.post("/TraceSegments", { TraceSegmentDocuments: documents });
  expect(status).toBe(200);
});
afterAll(() => server.close());

const ask = (query: Record<string, string | number>): Promise<Response> =>
  fetch(`${server.addresses.http}/api/services/series?${new URLSearchParams(query as Record<string, string>)}`);

it("tells each service's calls, faults and p95, point by point", async () => {
  const answer = await ask({ start, end: start + 180, points: 3 });
  const series = (await answer.json()) as ServicesSeries;
  expect(series).toMatchObject({ startSeconds: start, periodSeconds: 60 });
  const orders = series.services.find(({ name }) => name === "orders")!;
  expect(orders.total).toEqual([1, 2, 0]);
  expect(orders.fault).toEqual([0, 1, 0]);
  expect(orders.p95[1]).toBeCloseTo(1, 3);
  expect(series.services.find(({ name }) => name === "stock")!.total).toEqual([0, 1, 0]);
});

it("counts only the traces that match a filter", async () => {
  const answer = await ask({ start, end: start + 180, points: 3, filter: "fault" });
  const { services } = (await answer.json()) as ServicesSeries;
  expect(services.map(({ name, total }) => [name, total])).toEqual([["orders", [0, 1, 0]]]);
});

it("refuses what it cannot answer", async () => {
  for (const query of [
    { start },
    { start, end: start + 1, points: 61 },
    { start, end: "soon" },
    { start: 0, end: start },
  ]) {
    const answer = await ask({ ...query } as unknown as Record<string, string>);
    expect([answer.status, answer.headers.get("x-amzn-errortype")]).toEqual([400, "InvalidRequestException"]);
  }
  expect((await ask({ start, end: start + 60, filter: "fault AND" })).status).toBe(400);
});
