import {
  GetGroupsCommand,
  GetServiceGraphCommand,
  GetTimeSeriesServiceStatisticsCommand,
  GetTraceGraphCommand,
  InvalidRequestException,
  paginateGetServiceGraph,
} from "@aws-sdk/client-xray";
import { afterAll, beforeAll, expect, it } from "vitest";
import type { GetServiceGraphResponse, WireService } from "../../src/api/wire.ts";
import { apiFixtures, fixtureTraceId } from "../fixtures/api-fixtures.ts";
import { type AServer, aServer, putFixtures } from "./a-server.ts";

const range = { StartTime: 1_699_999_980, EndTime: 1_700_000_580 };
const dates = { StartTime: new Date(range.StartTime * 1000), EndTime: new Date(range.EndTime * 1000) };
const expected = apiFixtures.service_graph_of_all_traces as unknown as readonly WireService[];

let server: AServer;
beforeAll(async () => {
  server = await aServer();
  await putFixtures(server);
});
afterAll(() => server?.close());

/** Nodes and edges by name and type, without the numbers that only this one answer uses. */
function comparable(services: readonly WireService[]): object {
  const key = ({ Name, Type }: WireService): string => `${Name} ${Type ?? ""}`;
  const byReference = new Map(services.map((service) => [service.ReferenceId, key(service)]));
  const entries = services.map((service) => {
    const { ReferenceId: _, Type = "", Edges, ...members } = service;
    const edges = Edges.map(({ ReferenceId, ...edge }) => [byReference.get(ReferenceId), edge] as const);
    return [key(service), { ...members, Type, edges: Object.fromEntries(edges) }] as const;
  });
  return Object.fromEntries(entries);
}

it("the service graph of the eight traces is the expected one, member for member", async () => {
  const { status, body } = await server.post("/ServiceGraph", range);
  expect(status).toBe(200);
  const graph = body as unknown as GetServiceGraphResponse;
  expect(comparable(graph.Services)).toEqual(comparable(expected));
  expect(graph).toMatchObject({ ...range, ContainsOldGroupVersions: false });
  expect(graph.Services.map((service) => service.ReferenceId)).toEqual(graph.Services.map((_, index) => index));
});

it("AWS's client reads it, pages included", async () => {
  const names: string[] = [];
  for await (const page of paginateGetServiceGraph({ client: server.client }, dates)) {
    names.push(...page.Services!.map((service) => service.Name!));
  }
  expect(names.toSorted()).toEqual(expected.map((service) => service.Name).toSorted());
});

it("whole numbers are written without a decimal point", async () => {
  const answer = await fetch(`${server.addresses.http}/ServiceGraph`, { method: "POST", body: JSON.stringify(range) });
  expect(await answer.text()).not.toMatch(/"(\w*Count|ReferenceId|StartTime|EndTime)":\d+\.\d/);
});

it("a filter gives the graph of the traces that match", async () => {
  const { body } = await server.post("/ServiceGraph", { ...range, FilterExpression: "fault" });
  const services = (body as unknown as GetServiceGraphResponse).Services;
  expect(services.map(({ Name, Type = "" }) => `${Name} ${Type}`).toSorted()).toEqual([
    "api.example.com AWS::EC2::Instance",
    "api.example.com client",
    "backend.example.com ",
    "scores AWS::DynamoDB::Table",
  ]);
});

it("asked for lines, the graph grows line by line, and the last is the whole", async () => {
  const answer = await fetch(`${server.addresses.http}/ServiceGraph`, {
    method: "POST",
    headers: { accept: "application/x-ndjson" },
    body: JSON.stringify({ ...range, FilterExpression: "service()" }),
  });
  expect(answer.headers.get("content-type")).toBe("application/x-ndjson");
  const lines = (await answer.text())
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));
  const last = lines.at(-1);
  expect(last.Final).toBe(true);
  expect(lines.slice(0, -1).every((line) => line.Final === undefined)).toBe(true);
  expect(comparable(last.Services)).toEqual(comparable(expected));
});

it("asked for lines, a mistake is still answered as a mistake", async () => {
  const { status, body } = await server.post(
    "/ServiceGraph",
    { ...range, FilterExpression: "fault AND" },
    { accept: "application/x-ndjson" },
  );
  expect(status).toBe(400);
  expect(body).toMatchObject({ Position: expect.any(Number) });
});

it("the graph of single traces is theirs alone", async () => {
  const answer = await server.client.send(new GetTraceGraphCommand({ TraceIds: [fixtureTraceId(8)] }));
  expect(answer.Services!.map(({ Name, Type }) => [Name, Type])).toEqual([
    ["api.example.com", "client"],
    ["api.example.com", "AWS::EC2::Instance"],
    ["uinames.com", "remote"],
  ]);
  const [, root] = answer.Services!;
  expect(root).toMatchObject({ Root: true, State: "active", SummaryStatistics: { TotalCount: 1, OkCount: 1 } });
  expect(root!.Edges![0]!.SummaryStatistics!.FaultStatistics).toEqual({ OtherCount: 1, TotalCount: 1 });
});

it("all eight traces together give the expected graph too", async () => {
  const { body } = await server.post("/TraceGraph", { TraceIds: apiFixtures.traces.map((trace) => trace.id) });
  expect(comparable(body.Services as WireService[])).toEqual(comparable(expected));
});

it("the graph of an unknown trace is empty", async () => {
  const ids = [`1-6553f100-${"e".repeat(24)}`];
  expect((await server.client.send(new GetTraceGraphCommand({ TraceIds: ids }))).Services).toEqual([]);
});

it("statistics over time count what enters, by default", async () => {
  const { TimeSeriesServiceStatistics: rows } = await server.client.send(
    new GetTimeSeriesServiceStatisticsCommand(dates),
  );
  // Seven of the eight entries have finished; the worker still runs.
  const total = rows!.reduce((sum, row) => sum + row.EdgeSummaryStatistics!.TotalCount!, 0);
  expect(total).toBe(7);
  for (const row of rows!) {
    expect(row.Timestamp!.getTime() % 60_000).toBe(0);
    expect(row.ServiceSummaryStatistics).toBeUndefined();
    expect(row.EdgeSummaryStatistics).toMatchObject({
      OkCount: expect.any(Number),
      ErrorStatistics: { ThrottleCount: expect.any(Number), TotalCount: expect.any(Number) },
      FaultStatistics: { TotalCount: expect.any(Number) },
      TotalResponseTime: expect.any(Number),
    });
  }
});

it("statistics over time of one node, and of one edge", async () => {
  const ask = async (EntitySelectorExpression: string) =>
    (
      await server.client.send(
        new GetTimeSeriesServiceStatisticsCommand({ ...dates, EntitySelectorExpression, Period: 300 }),
      )
    ).TimeSeriesServiceStatistics!;
  const [node] = await ask('service("backend.example.com")');
  expect(node!.ServiceSummaryStatistics).toMatchObject({ TotalCount: 3, OkCount: 1 });
  expect(node!.EdgeSummaryStatistics).toBeUndefined();
  const [edge] = await ask('edge("api.example.com", "uinames.com")');
  expect(edge!.EdgeSummaryStatistics).toMatchObject({ TotalCount: 1, FaultStatistics: { TotalCount: 1 } });
  expect(edge!.Timestamp!.getTime() % 300_000).toBe(0);
});

it.each(["fualt", "", 'service("a', 'service("a") { index = 0 }'])(
  "the selector %s is refused",
  async (EntitySelectorExpression) => {
    const command = new GetTimeSeriesServiceStatisticsCommand({ ...dates, EntitySelectorExpression });
    await expect(server.client.send(command)).rejects.toBeInstanceOf(InvalidRequestException);
  },
);

it("a forecast needs an id", async () => {
  const command = new GetTimeSeriesServiceStatisticsCommand({ ...dates, ForecastStatistics: true });
  await expect(server.client.send(command)).rejects.toBeInstanceOf(InvalidRequestException);
});

it("there is one group, Default; another is not found, in the words that clients look for", async () => {
  const { Groups } = await server.client.send(new GetGroupsCommand({}));
  expect(Groups).toMatchObject([{ GroupName: "Default", InsightsConfiguration: { InsightsEnabled: false } }]);
  expect(Groups![0]!.GroupARN).toMatch(/^arn:aws:xray:[a-z0-9-]+:\d{12}:group\/Default/);
  const answer = await server.client.send(new GetServiceGraphCommand({ ...dates, GroupName: "Default" }));
  expect(answer.Services!.length).toBe(expected.length);
  const unknown = server.client.send(new GetServiceGraphCommand({ ...dates, GroupName: "slow" }));
  await expect(unknown).rejects.toThrow("Group not found");
});

it("a long range is refused only when limits are strict", async () => {
  const long = { StartTime: new Date(1_690_000_000_000), EndTime: dates.EndTime };
  expect((await server.client.send(new GetServiceGraphCommand(long))).Services!.length).toBe(expected.length);
  const strict = await aServer({ strictLimits: "true" });
  try {
    await expect(strict.client.send(new GetServiceGraphCommand(long))).rejects.toBeInstanceOf(InvalidRequestException);
  } finally {
    await strict.close();
  }
});
