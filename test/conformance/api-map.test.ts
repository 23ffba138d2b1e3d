import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { GetServiceGraphResponse } from "../../src/api/wire.ts";
import { newSegmentId } from "../../src/xray/segment-id.ts";
import { newTraceId } from "../../src/xray/trace-id.ts";
import { type AServer, aServer } from "./a-server.ts";

let server: AServer;
const now = Date.now() / 1000;

beforeAll(async () => {
  server = await aServer();
  const documents = ["GET /orders/1", "GET /orders/2", "POST /orders"].map((request, at) => {
    const [method, path] = request.split(" ");
    return JSON.stringify({
      ...{ trace_id: newTraceId(Date.now()), id: newSegmentId(), name: "orders" },
      ...{ start_time: now - 2, end_time: now - 1, fault: at === 1 },
      http: { request: { method, url: `http://orders${path}` }, response: { status: at === 1 ? 500 : 200 } },
      annotations: { environment: at === 2 ? "test" : "live" },
    });
  });
  const { status } = await server.post("/TraceSegments", { TraceSegmentDocuments: documents });
  expect(status).toBe(200);
});

afterAll(() => server.close());

async function split(by: string, filter = "", range = { start: now - 600, end: now + 1 }): Promise<Response> {
  const query = new URLSearchParams({ by, filter, start: String(range.start), end: String(range.end) });
  return fetch(`${server.addresses.http}/api/map/split?${query}`);
}

async function parts(by: string, filter?: string): Promise<unknown[]> {
  const { Services } = (await (await split(by, filter)).json()) as GetServiceGraphResponse;
  return Services.map(({ Name, Type, Part, Edges, SummaryStatistics: figures }) =>
    Type === "client"
      ? [Name, Type, Edges.length]
      : [Name, Part, figures?.TotalCount, figures?.FaultStatistics.TotalCount],
  );
}

describe("the map's services, told apart", () => {
  it("by operation are called by one client", async () => {
    expect(await parts("operation")).toEqual([
      ["orders", "client", 2],
      ["orders", "GET /orders/{id}", 2, 1],
      ["orders", "POST /orders", 1, 0],
    ]);
  });

  it("by environment are those that run there", async () => {
    expect(await parts("environment")).toEqual([
      ["orders", "client", 2],
      ["orders", "live", 2, 1],
      ["orders", "test", 1, 0],
    ]);
  });

  it("are those of the matching traces", async () => {
    expect(await parts("operation", "fault")).toEqual([
      ["orders", "client", 1],
      ["orders", "GET /orders/{id}", 1, 1],
    ]);
  });

  it.each([
    ["colour", "", undefined],
    ["operation", "faul", undefined],
    ["operation", "", { start: now, end: now - 60 }],
  ])("by %s, filtered by %j, in %j are refused with a reason", async (by, filter, range) => {
    const answer = await split(by, filter, range);
    expect(answer.status).toBe(400);
    expect(answer.headers.get("x-amzn-errortype")).toBe("InvalidRequestException");
    expect(await answer.json()).toMatchObject({ Message: expect.stringMatching(/./) });
  });
});
