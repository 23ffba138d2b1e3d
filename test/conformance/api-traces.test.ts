import {
  BatchGetTracesCommand,
  GetTraceSummariesCommand,
  InvalidRequestException,
  PutTelemetryRecordsCommand,
  PutTraceSegmentsCommand,
  type TraceSummary,
} from "@aws-sdk/client-xray";
import { afterAll, beforeAll, expect, it } from "vitest";
import { apiFixtures, fixtureTraceId } from "../fixtures/api-fixtures.ts";
import { aDocument, anId, aStreamedSubsegment } from "../fixtures/builders.ts";
import { type AServer, aServer, putFixtures } from "./a-server.ts";

const from = new Date(1_700_000_000_000 - 60_000);
const to = new Date(1_700_000_000_000 + 600_000);
const invalid = apiFixtures.invalid_expressions;

let server: AServer;
beforeAll(async () => {
  server = await aServer();
  await putFixtures(server);
});
afterAll(() => server?.close());

async function find(members: object = {}): Promise<TraceSummary[]> {
  const command = new GetTraceSummariesCommand({ StartTime: from, EndTime: to, ...members });
  return (await server.client.send(command)).TraceSummaries!;
}

async function numbersOf(members: object): Promise<number[]> {
  const ids = new Set((await find(members)).map((summary) => summary.Id));
  return apiFixtures.traces.filter((trace) => ids.has(trace.id)).map((trace) => trace.n);
}

const withoutGroups = apiFixtures.filter_cases.filter(({ expr }) => !expr.includes("group."));

it.each(withoutGroups)("the filter $expr finds: $meaning", async ({ expr, match }) => {
  expect(await numbersOf({ FilterExpression: expr })).toEqual(match);
});

it.each(apiFixtures.filter_cases.filter(({ expr }) => expr.includes("group.")))(
  "the filter $expr names a group that does not exist here, and is refused",
  async ({ expr }) => {
    await expect(find({ FilterExpression: expr })).rejects.toBeInstanceOf(InvalidRequestException);
  },
);

it.each(invalid)("the filter $expr is refused with the place ($why)", async ({ expr }) => {
  await expect(find({ FilterExpression: expr })).rejects.toBeInstanceOf(InvalidRequestException);
  const { status, headers, body } = await server.post("/TraceSummaries", {
    StartTime: 1_700_000_000,
    EndTime: 1_700_000_100,
    FilterExpression: expr,
  });
  expect(status).toBe(400);
  expect(headers.get("x-amzn-errortype")).toBe("InvalidRequestException");
  expect(body).toEqual({ Message: expect.any(String), Position: expect.any(Number), Expected: expect.any(Array) });
  expect(body.Position).toBeGreaterThanOrEqual(0);
  expect(body.Position).toBeLessThanOrEqual(expr.length);
});

it("a summary has every member that a client reads unguarded", async () => {
  const [summary] = await find({ FilterExpression: 'annotation.gameid = "817DL6VO"' });
  expect(summary).toMatchObject({
    Id: fixtureTraceId(1),
    StartTime: new Date(1_700_000_000_000),
    Duration: 1.2,
    ResponseTime: 1.2,
    HasFault: false,
    HasError: false,
    HasThrottle: false,
    IsPartial: false,
    Revision: expect.any(Number),
    Http: {
      HttpURL: "http://api.example.com/v2/items",
      HttpStatus: 200,
      HttpMethod: "GET",
      UserAgent: "curl/8.0",
      ClientIp: "10.0.0.1",
    },
    EntryPoint: { Name: "api.example.com", Names: ["api.example.com"], Type: "AWS::EC2::Instance" },
    Users: [{ UserName: "alice", ServiceIds: [{ Name: "api.example.com" }] }],
    InstanceIds: [{ Id: "i-0aaa" }],
    AvailabilityZones: [{ Name: "us-east-1a" }],
    ResourceARNs: [],
    FaultRootCauses: [],
    ErrorRootCauses: [],
  });
  expect(summary!.Annotations!.gameid![0]!.AnnotationValue).toEqual({ StringValue: "817DL6VO" });
  expect(summary!.Annotations!.age![0]!.AnnotationValue).toEqual({ NumberValue: 31 });
  expect(summary!.Annotations!.premium![0]!.AnnotationValue).toEqual({ BooleanValue: true });
  const nodes = summary!.ServiceIds!.map(({ Name, Type }) => [Name, Type]);
  expect(nodes).toEqual(
    expect.arrayContaining([
      ["api.example.com", "client"],
      ["api.example.com", "AWS::EC2::Instance"],
      ["backend.example.com", undefined],
      ["scores", "AWS::DynamoDB::Table"],
    ]),
  );
});

it("root causes hold the path with strings where clients expect strings", async () => {
  const [summary] = await find({ FilterExpression: "fault" });
  const services = summary!.FaultRootCauses![0]!.Services!;
  expect(services.map((service) => [service.Name, service.Type])).toEqual([
    ["api.example.com", "AWS::EC2::Instance"],
    ["backend.example.com", ""],
    ["scores", "AWS::DynamoDB::Table"],
  ]);
  for (const service of services) expect(service.EntityPath!.length).toBeGreaterThan(0);
  expect(summary!.FaultRootCauses![0]!.ClientImpacting).toBe(true);
});

it("the newest traces come first, and pages hold all of them once", async () => {
  const documents = Array.from({ length: 250 }, (_, n) =>
    aDocument({
      trace_id: `1-65530000-${n.toString(16).padStart(24, "0")}`,
      start_time: 1_699_938_304 + n / 10,
      name: "paged",
    }),
  );
  await server.client.send(new PutTraceSegmentsCommand({ TraceSegmentDocuments: documents }));
  const members = { StartTime: new Date(1_699_938_000_000), EndTime: new Date(1_699_939_000_000) };
  const seen: string[] = [];
  let NextToken: string | undefined;
  let pages = 0;
  do {
    const command = new GetTraceSummariesCommand({ ...members, FilterExpression: 'service("paged")', NextToken });
    const page = await server.client.send(command);
    seen.push(...page.TraceSummaries!.map((summary) => summary.Id!));
    expect(page.TracesProcessedCount).toBeGreaterThanOrEqual(page.TraceSummaries!.length);
    NextToken = page.NextToken;
    pages += 1;
  } while (NextToken !== undefined);
  expect(new Set(seen).size).toBe(250);
  expect(seen.length).toBe(250);
  expect(pages).toBe(3);
});

it("a token that belongs to another question is refused", async () => {
  const members = { StartTime: new Date(1_699_938_000_000), EndTime: new Date(1_699_939_000_000) };
  const page = await server.client.send(
    new GetTraceSummariesCommand({ ...members, FilterExpression: 'service("paged")' }),
  );
  const other = new GetTraceSummariesCommand({ ...members, NextToken: page.NextToken });
  await expect(server.client.send(other)).rejects.toBeInstanceOf(InvalidRequestException);
  await expect(find({ NextToken: "nonsense" })).rejects.toBeInstanceOf(InvalidRequestException);
});

it("the three kinds of time range look at the id, at activity, and at ends", async () => {
  const window = (a: number, b: number, TimeRangeType: string): object => ({
    StartTime: new Date(1_700_000_000_000 + a * 1000),
    EndTime: new Date(1_700_000_000_000 + b * 1000),
    TimeRangeType,
  });
  // Trace 7 runs for nine seconds, trace 3 for six.
  expect(await numbersOf(window(7, 8, "TraceId"))).toEqual([]);
  expect(await numbersOf(window(7, 8, "Event"))).toContain(7);
  expect(await numbersOf(window(8.5, 9.5, "Service"))).toEqual([7]);
  const [matched] = await find({ ...window(7, 8, "Event"), FilterExpression: 'service("worker2.example.com")' });
  expect(matched!.MatchedEventTime).toBeInstanceOf(Date);
});

it("sampling keeps about the share that was asked for, the same each time", async () => {
  const members = {
    StartTime: new Date(1_699_938_000_000),
    EndTime: new Date(1_699_939_000_000),
    Sampling: true,
    SamplingStrategy: { Name: "FixedRate", Value: 0.2 },
  };
  const once = await find(members);
  expect(once.length).toBeGreaterThan(15);
  expect(once.length).toBeLessThan(90);
  expect((await find(members)).map((summary) => summary.Id)).toEqual(once.map((summary) => summary.Id));
});

it("an end before the start is refused", async () => {
  await expect(find({ StartTime: to, EndTime: from })).rejects.toBeInstanceOf(InvalidRequestException);
});

it("a range that ends in this very second, as boto3 cuts it, holds what has just come", async () => {
  const nowSeconds = Date.now() / 1000;
  const trace = `1-${Math.floor(nowSeconds).toString(16)}-${"5".repeat(24)}`;
  await server.post("/TraceSegments", {
    TraceSegmentDocuments: [
      aDocument({ trace_id: trace, name: "just", start_time: nowSeconds - 0.1, end_time: nowSeconds }),
    ],
  });
  const { body } = await server.post("/TraceSummaries", {
    StartTime: Math.floor(nowSeconds) - 60,
    EndTime: Math.floor(nowSeconds),
  });
  expect((body.TraceSummaries as { Id: string }[]).map((summary) => summary.Id)).toContain(trace);
});

it("whole traces come as documents, with inferred ones for callees that sent none", async () => {
  const ids = [1, 2, 3, 4, 5, 6, 7, 8].map(fixtureTraceId);
  const answer = await server.client.send(new BatchGetTracesCommand({ TraceIds: ids }));
  expect(answer.UnprocessedTraceIds).toEqual([]);
  expect(answer.Traces!.map((trace) => trace.Id)).toEqual(ids);
  for (const trace of answer.Traces!) {
    expect(trace.LimitExceeded).toBe(false);
    for (const segment of trace.Segments!) {
      const document = JSON.parse(segment.Document!);
      expect(document.id).toBe(segment.Id);
      expect(document.trace_id).toBe(trace.Id);
    }
  }
  const [first] = answer.Traces!;
  expect(first!.Duration).toBe(1.2);
  const documents = first!.Segments!.map((segment) => JSON.parse(segment.Document!));
  const table = documents.find((document) => document.name === "DynamoDB");
  expect(table).toMatchObject({ inferred: true, parent_id: "a000000000000104", origin: "AWS::DynamoDB::Table" });
});

it("more than five ids are welcome, unless limits are strict", async () => {
  const ids = Array.from({ length: 6 }, (_, n) => fixtureTraceId(n + 1));
  expect((await server.client.send(new BatchGetTracesCommand({ TraceIds: ids }))).Traces!.length).toBe(6);
  const strict = await aServer({ strictLimits: "true" });
  try {
    const refused = strict.client.send(new BatchGetTracesCommand({ TraceIds: ids }));
    await expect(refused).rejects.toThrow("Exceeding maximum query size: 5");
    await expect(refused).rejects.toBeInstanceOf(InvalidRequestException);
  } finally {
    await strict.close();
  }
});

it("an id is found in X-Ray's and in W3C's spelling, and unknown ones come back as asked", async () => {
  const w3c = fixtureTraceId(4).slice(2).replace("-", "").toUpperCase();
  const unknown = "1-6553f100-ffffffffffffffffffffffff";
  const answer = await server.client.send(new BatchGetTracesCommand({ TraceIds: [w3c, unknown, "nonsense"] }));
  expect(answer.Traces!.map((trace) => trace.Id)).toEqual([fixtureTraceId(4)]);
  expect(answer.UnprocessedTraceIds).toEqual([unknown, "nonsense"]);
});

it("streamed subsegments are found in their segment, and later documents raise the revision", async () => {
  const trace_id = "1-6553f200-0000000000000000000000aa";
  const id = anId();
  await server.client.send(
    new PutTraceSegmentsCommand({
      TraceSegmentDocuments: [
        aDocument({ trace_id, id, name: "stream", start_time: 1_700_000_256, in_progress: true }),
      ],
    }),
  );
  const [before] = await find({ FilterExpression: 'service("stream")' });
  expect(before).toMatchObject({ IsPartial: true });
  expect(before!.ResponseTime).toBeUndefined();
  await server.client.send(
    new PutTraceSegmentsCommand({
      TraceSegmentDocuments: [
        aStreamedSubsegment({ trace_id, parent_id: id, name: "step one" }),
        aDocument({ trace_id, id, name: "stream", start_time: 1_700_000_256, end_time: 1_700_000_258 }),
      ],
    }),
  );
  const [after] = await find({ FilterExpression: 'service("stream")' });
  expect(after).toMatchObject({ IsPartial: false, ResponseTime: 2 });
  expect(after!.Revision).toBeGreaterThan(before!.Revision!);
  const { Traces } = await server.client.send(new BatchGetTracesCommand({ TraceIds: [trace_id] }));
  expect(Traces![0]!.Segments!.length).toBe(1);
  expect(JSON.parse(Traces![0]!.Segments![0]!.Document!).subsegments).toMatchObject([{ name: "step one" }]);
});

it("a refused document is answered with its id and reason, and the good ones beside it are kept", async () => {
  const trace_id = "1-6553f300-0000000000000000000000bb";
  const answer = await server.client.send(
    new PutTraceSegmentsCommand({
      TraceSegmentDocuments: [
        aDocument({ trace_id, name: "kept" }),
        "{",
        aDocument({ trace_id, id: "aaaaaaaaaaaaaaaa", end_time: undefined, start_time: undefined }),
        aDocument({ trace_id, id: "bbbbbbbbbbbbbbbb", name: undefined }),
      ],
    }),
  );
  expect(answer.UnprocessedTraceSegments).toEqual([
    { ErrorCode: "InvalidJson", Message: expect.stringContaining("ErrorCode: InvalidJson") },
    { Id: "aaaaaaaaaaaaaaaa", ErrorCode: "MissingStartTime", Message: expect.any(String) },
    { Id: "bbbbbbbbbbbbbbbb", ErrorCode: "MissingName", Message: expect.any(String) },
  ]);
  expect((await server.client.send(new BatchGetTracesCommand({ TraceIds: [trace_id] }))).Traces!.length).toBe(1);
  const problems = await (await fetch(`${server.addresses.http}/api/problems`)).json();
  expect(problems.problems[0]).toMatchObject({ code: "MissingName", source: "http", segmentId: "bbbbbbbbbbbbbbbb" });
  expect(problems.counts).toMatchObject({ InvalidJson: 1, MissingName: 1 });
});

it("a document larger than any datagram is taken", async () => {
  const trace_id = "1-6553f400-0000000000000000000000cc";
  const big = aDocument({ trace_id, metadata: { default: { text: "x".repeat(300_000) } } });
  const answer = await server.client.send(new PutTraceSegmentsCommand({ TraceSegmentDocuments: [big] }));
  expect(answer.UnprocessedTraceSegments).toEqual([]);
  const documents = await (await fetch(`${server.addresses.http}/api/traces/${trace_id}/documents`)).json();
  expect(documents).toMatchObject({ id: trace_id, revision: 1 });
  expect(JSON.parse(documents.documents[0]).metadata.default.text.length).toBe(300_000);
});

it("a trace of thousands of subsegments, assembled in a thread of its own, is answered like any other", async () => {
  const trace_id = "1-6553f500-0000000000000000000000dd";
  const id = anId();
  const steps = Array.from({ length: 5_000 }, (_, n) =>
    aStreamedSubsegment({ trace_id, parent_id: id, name: `step ${n}`, namespace: "remote" }),
  );
  const root = aDocument({ trace_id, id, name: "large", start_time: 1_700_000_000 });
  for (let at = 0; at < steps.length; at += 1_000) {
    await server.post("/TraceSegments", { TraceSegmentDocuments: steps.slice(at, at + 1_000) });
  }
  await server.post("/TraceSegments", { TraceSegmentDocuments: [root] });
  const { Traces } = await server.client.send(new BatchGetTracesCommand({ TraceIds: [trace_id] }));
  expect(Traces![0]).toMatchObject({ Id: trace_id, Duration: 1, LimitExceeded: false });
  const documents = Traces![0]!.Segments!.map((segment) => JSON.parse(segment.Document!));
  expect(documents.length).toBe(5_001);
  expect(documents.find((document) => document.id === id).subsegments.length).toBe(5_000);
  const { body } = await server.post("/TraceGraph", { TraceIds: [trace_id] });
  expect((body.Services as unknown[]).length).toBe(5_002);
});

it("raw documents of an unknown trace are not found", async () => {
  const answer = await fetch(`${server.addresses.http}/api/traces/1-6553f400-${"9".repeat(24)}/documents`);
  expect(answer.status).toBe(404);
  expect(answer.headers.get("x-amzn-errortype")).toBe("ResourceNotFoundException");
});

it("a daemon's telemetry is taken", async () => {
  const answer = await server.client.send(
    new PutTelemetryRecordsCommand({
      Hostname: "host",
      TelemetryRecords: [
        { Timestamp: new Date(), SegmentsReceivedCount: 5, BackendConnectionErrors: { TimeoutCount: 1 } },
      ],
    }),
  );
  expect(answer.$metadata.httpStatusCode).toBe(200);
});
