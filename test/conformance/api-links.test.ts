import {
  type Edge,
  GetServiceGraphCommand,
  GetTimeSeriesServiceStatisticsCommand,
  GetTraceGraphCommand,
  GetTraceSummariesCommand,
  PutTraceSegmentsCommand,
  type Service,
} from "@aws-sdk/client-xray";
import { afterAll, beforeAll, expect, it } from "vitest";
import { aDocument, aWireSubsegment } from "../fixtures/builders.ts";
import { type AServer, aServer } from "./a-server.ts";

const t0 = 1_700_000_000;
/** Two ranges around everything: one that is read from traces, one that is read from whole minutes. */
const ranges = {
  "five minutes": { StartTime: new Date((t0 - 60) * 1000), EndTime: new Date((t0 + 240) * 1000) },
  "an hour": { StartTime: new Date((t0 - 1800) * 1000), EndTime: new Date((t0 + 1800) * 1000) },
};

const within = "1-6553f100-000000000000000000000001";
const producing = "1-6553f100-000000000000000000000002";
const consuming = "1-6553f101-000000000000000000000003";
const queueUrl = "https://sqs.eu-west-1.amazonaws.com/123456789012/orders";

/** The web leaves something in an outbox, and a worker of the same trace takes it up five seconds later. */
const inOneTrace = [
  aDocument({
    ...{ trace_id: within, name: "worker", start_time: t0 + 6, end_time: t0 + 7, fault: true },
    links: [{ trace_id: within, id: "00000000000000a1" }],
  }),
  aDocument({
    ...{ trace_id: within, name: "web", start_time: t0, end_time: t0 + 2 },
    subsegments: [
      aWireSubsegment({
        ...{ id: "00000000000000a1", name: "outbox", namespace: "remote", start_time: t0, end_time: t0 + 1 },
      }),
    ],
  }),
];

/** The same by a queue of AWS, in two traces. */
const inTwoTraces = [
  aDocument({
    ...{ trace_id: producing, name: "shop", start_time: t0, end_time: t0 + 2 },
    subsegments: [
      aWireSubsegment({
        ...{ id: "00000000000000b1", name: "SQS", namespace: "aws", start_time: t0, end_time: t0 + 1 },
        aws: { operation: "SendMessage", queue_url: queueUrl },
      }),
    ],
  }),
  aDocument({
    ...{ trace_id: consuming, name: "packer", start_time: t0 + 30, end_time: t0 + 31 },
    aws: { queue_url: queueUrl },
    links: [{ trace_id: producing, id: "00000000000000b1" }],
  }),
];

let server: AServer;
beforeAll(async () => {
  server = await aServer();
  const TraceSegmentDocuments = [...inOneTrace, ...inTwoTraces];
  const { UnprocessedTraceSegments } = await server.client.send(new PutTraceSegmentsCommand({ TraceSegmentDocuments }));
  expect(UnprocessedTraceSegments).toEqual([]);
});
afterAll(() => server?.close());

/** The edges that are links, by the names of their ends. */
function linksOf(services: readonly Service[] = []): Record<string, Edge> {
  const nameOf = new Map(services.map(({ ReferenceId, Name }) => [ReferenceId, Name]));
  const edges = services.flatMap(({ Name, Edges = [] }) =>
    Edges.map((edge) => [`${Name} > ${nameOf.get(edge.ReferenceId)}`, edge] as const),
  );
  return Object.fromEntries(edges.filter(([, { EdgeType }]) => EdgeType === "link"));
}

const edgesOf = (services: readonly Service[] = []): number =>
  services.reduce((sum, { Edges = [] }) => sum + Edges.length, 0);

it.each(Object.entries(ranges))("the service graph of %s has a link from where work waited", async (_, range) => {
  const { Services } = await server.client.send(new GetServiceGraphCommand(range));
  const links = linksOf(Services);
  expect(Object.keys(links).sort()).toEqual(["outbox > worker", `${queueUrl} > packer`].sort());
  expect(links["outbox > worker"]).toMatchObject({
    SummaryStatistics: { TotalCount: 1, OkCount: 0, FaultStatistics: { TotalCount: 1 }, TotalResponseTime: 1 },
    // Nobody waited for the worker.
    ResponseTimeHistogram: [],
    ReceivedEventAgeHistogram: [{ Value: 5, Count: 1 }],
    Aliases: [],
  });
  const queue = links[`${queueUrl} > packer`]!;
  expect(queue.SummaryStatistics).toMatchObject({ TotalCount: 1, OkCount: 1 });
  expect(queue.ReceivedEventAgeHistogram).toBeUndefined();
});

it("who is linked has no client in front of it, and other edges are of no type", async () => {
  const { Services } = await server.client.send(new GetServiceGraphCommand(ranges["an hour"]));
  const clients = Services!.filter(({ Type }) => Type === "client").map(({ Name }) => Name);
  expect(clients.sort()).toEqual(["shop", "web"]);
  const calls = Services!.flatMap(({ Edges = [] }) => Edges).filter(({ EdgeType }) => EdgeType !== "link");
  expect(calls.length).toBe(edgesOf(Services) - 2);
  for (const call of calls) expect(call).not.toHaveProperty("EdgeType");
});

it("the graph of a trace has its links, and that of a consumer its queue", async () => {
  const graphOf = async (...TraceIds: string[]) =>
    (await server.client.send(new GetTraceGraphCommand({ TraceIds }))).Services;
  expect(linksOf(await graphOf(within))).toMatchObject({
    "outbox > worker": { EdgeType: "link", ReceivedEventAgeHistogram: [{ Value: 5, Count: 1 }] },
  });
  expect(linksOf(await graphOf(producing))).toEqual({});
  expect(Object.keys(linksOf(await graphOf(consuming)))).toEqual([`${queueUrl} > packer`]);
  expect(Object.keys(linksOf(await graphOf(producing, consuming, within)))).toHaveLength(2);
});

it.each(Object.entries(ranges))("the time series of a link over %s is of those who took work up", async (_, range) => {
  const rowsOf = async (EntitySelectorExpression: string) =>
    (
      await server.client.send(
        new GetTimeSeriesServiceStatisticsCommand({ ...range, EntitySelectorExpression, Period: 60 }),
      )
    ).TimeSeriesServiceStatistics!;
  const [row, ...more] = await rowsOf('edge("outbox", "worker")');
  expect(more).toEqual([]);
  expect(row!.EdgeSummaryStatistics).toMatchObject({ TotalCount: 1, FaultStatistics: { TotalCount: 1 } });
  expect(row!.Timestamp).toEqual(new Date((t0 - 20) * 1000));
  expect(await rowsOf(`edge("${queueUrl}", "packer")`)).toHaveLength(1);
  expect(await rowsOf('edge("worker", "outbox")')).toEqual([]);
});

it("filters find traces by their links", async () => {
  const found = async (FilterExpression: string) => {
    const command = new GetTraceSummariesCommand({ ...ranges["an hour"], FilterExpression });
    return (await server.client.send(command)).TraceSummaries!.map(({ Id }) => Id);
  };
  expect(await found('edge("outbox", "worker") { fault }')).toEqual([within]);
  expect(await found('edge("outbox", "worker") { ok }')).toEqual([]);
  expect(await found(`edge("${queueUrl}", "packer")`)).toEqual([consuming]);
});
