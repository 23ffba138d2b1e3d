import {
  CancelTraceRetrievalCommand,
  GetRetrievedTracesGraphCommand,
  ListRetrievedTracesCommand,
  PutTraceSegmentsCommand,
  StartTraceRetrievalCommand,
} from "@aws-sdk/client-xray";
import { afterAll, beforeAll, expect, it } from "vitest";
import { apiFixtures } from "../fixtures/api-fixtures.ts";
import { type AServer, aServer, putFixtures } from "./a-server.ts";

let server: AServer;
const ids = apiFixtures.traces.map(({ id }) => id);
const range = { StartTime: new Date("2020-01-01"), EndTime: new Date("2030-01-01") };
beforeAll(async () => {
  server = await aServer();
  await putFixtures(server);
});
afterAll(() => server?.close());

async function start(TraceIds: string[], more: object = {}): Promise<string> {
  const { RetrievalToken } = await server.client.send(new StartTraceRetrievalCommand({ TraceIds, ...range, ...more }));
  return RetrievalToken!;
}

it("a retrieval brings its traces in pages of five, complete at once", async () => {
  const RetrievalToken = await start(ids);
  const first = await server.client.send(new ListRetrievedTracesCommand({ RetrievalToken }));
  expect(first).toMatchObject({ RetrievalStatus: "COMPLETE", TraceFormat: "XRAY" });
  expect(first.Traces).toHaveLength(5);
  const { NextToken } = first;
  const second = await server.client.send(new ListRetrievedTracesCommand({ RetrievalToken, NextToken }));
  expect(second.NextToken).toBeUndefined();
  const brought = [...first.Traces!, ...second.Traces!];
  expect(brought.map(({ Id }) => Id)).toEqual(ids);
  const span = brought[0]!.Spans![0]!;
  expect(JSON.parse(span.Document!)).toMatchObject({ id: span.Id, trace_id: ids[0] });
});

it("in OpenTelemetry's form each span is a document that any OTLP receiver takes", async () => {
  const RetrievalToken = await start([ids[0]!]);
  const { Traces } = await server.client.send(new ListRetrievedTracesCommand({ RetrievalToken, TraceFormat: "OTEL" }));
  const spans = Traces![0]!.Spans!.map(({ Id, Document }) => ({ Id, content: JSON.parse(Document!) }));
  expect(spans.length).toBeGreaterThan(2);
  for (const { Id, content } of spans) {
    const [span] = content.resourceSpans[0].scopeSpans[0].spans;
    expect(span).toMatchObject({ spanId: Id, traceId: ids[0]!.replaceAll("-", "").slice(1) });
  }
});

it("a trace of more than a hundred spans comes in several entries", async () => {
  const traceId = "1-6553f100-00000000000000000000aaaa";
  const documents = Array.from({ length: 120 }, (_, n) =>
    JSON.stringify({
      id: (n + 1).toString(16).padStart(16, "0"),
      trace_id: traceId,
      name: "many",
      start_time: 1_700_000_000,
      end_time: 1_700_000_001,
      links: n === 0 ? [{ trace_id: ids[1], id: "0000000000000001", attributes: {} }] : undefined,
    }),
  );
  await server.client.send(new PutTraceSegmentsCommand({ TraceSegmentDocuments: documents }));
  const RetrievalToken = await start([traceId]);
  const { Traces } = await server.client.send(new ListRetrievedTracesCommand({ RetrievalToken }));
  expect(Traces!.map(({ Id, Spans }) => [Id, Spans!.length])).toEqual([
    [traceId, 100],
    [traceId, 20],
  ]);
  const graph = await server.client.send(new GetRetrievedTracesGraphCommand({ RetrievalToken }));
  expect(graph.RetrievalStatus).toBe("COMPLETE");
  const links = graph.Services!.flatMap(({ Links }) => Links!);
  expect(links).toEqual([{ ReferenceType: "parent", SourceTraceId: traceId, DestinationTraceIds: [ids[1]] }]);
});

it("only traces that began in the range are brought, both ends included", async () => {
  const second = new Date("2020-01-01");
  const RetrievalToken = await start(ids, { EndTime: second });
  const { Traces, RetrievalStatus } = await server.client.send(new ListRetrievedTracesCommand({ RetrievalToken }));
  expect([Traces, RetrievalStatus]).toEqual([[], "COMPLETE"]);
  const graph = await server.client.send(new GetRetrievedTracesGraphCommand({ RetrievalToken }));
  expect(graph.Services).toEqual([]);
});

it("a retrieval that is cancelled brings nothing more", async () => {
  const RetrievalToken = await start([ids[0]!]);
  await server.client.send(new CancelTraceRetrievalCommand({ RetrievalToken }));
  const { Traces, RetrievalStatus } = await server.client.send(new ListRetrievedTracesCommand({ RetrievalToken }));
  expect([Traces, RetrievalStatus]).toEqual([[], "CANCELLED"]);
});

it("an unknown token is not found, and a broken id is refused", async () => {
  const unknown = new ListRetrievedTracesCommand({ RetrievalToken: "none" });
  await expect(server.client.send(unknown)).rejects.toMatchObject({ name: "ResourceNotFoundException" });
  await expect(start(["x"])).rejects.toMatchObject({ name: "InvalidRequestException" });
  await expect(start(Array.from({ length: 101 }, () => ids[0]!))).rejects.toMatchObject({
    name: "InvalidRequestException",
  });
});
