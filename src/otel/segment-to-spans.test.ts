import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { arbitraryDocuments } from "../../test/fixtures/arbitrary-traces.ts";
import {
  aDocument,
  aStreamedSubsegment,
  aTraceId,
  aWireSegment,
  aWireSubsegment,
  parsed,
  type Wire,
} from "../../test/fixtures/builders.ts";

import type { Segment } from "../trace/segment.ts";
import { segmentsToSpans } from "./segment-to-spans.ts";
import type { Resource, Span } from "./span.ts";
import { spanKind, statusCode } from "./span.ts";
import { spansToDocuments } from "./spans-to-documents.ts";

const captures: Record<string, Wire> = JSON.parse(
  readFileSync(new URL("../../test/fixtures/captures.json", import.meta.url), "utf8"),
);

/** The captured document; around it a segment when it is an embedded subsegment. */
const captured = (name: string): string =>
  "trace_id" in captures[name]! ? JSON.stringify(captures[name]) : aDocument({ subsegments: [captures[name]] });

function spansOf(...documents: readonly string[]): { spans: Span[]; resources: Resource[] } {
  const groups = segmentsToSpans(parsed(...documents));
  return { spans: groups.flatMap(({ spans }) => spans), resources: groups.map(({ resource }) => resource) };
}

const theSpan = (members: Wire): Span => spansOf(aDocument(members)).spans[0]!;
const theCall = (members: Wire): Span => spansOf(aDocument({ subsegments: [aWireSubsegment(members)] })).spans[1]!;
const theResource = (members: Wire): object => plain(spansOf(aDocument(members)).resources[0]!);
const plain = ({ attributes }: { attributes: Span["attributes"] }): object => Object.fromEntries(attributes);

describe("spans of the official SDKs' documents", () => {
  it("Python's script is a server span and a client span, with the digits that Python sent", () => {
    const { spans, resources } = spansOf(captured("pythonScript"));
    expect(spans.map((span) => ({ ...span, attributes: plain(span) }))).toEqual([
      {
        traceId: "6b053ae56e83f70fdbe55738fb36569c",
        spanId: "1586929facf44fc1",
        parentSpanId: undefined,
        flags: 0x101,
        name: "call-cli",
        kind: spanKind.server,
        startTimeUnixNano: "1795504869447006000",
        endTimeUnixNano: "1795504869463152600",
        attributes: {},
        events: [],
        links: [],
        status: undefined,
      },
      {
        traceId: "6b053ae56e83f70fdbe55738fb36569c",
        spanId: "a65178c22c336fd0",
        parentSpanId: "1586929facf44fc1",
        flags: 0x101,
        name: "127.0.0.1",
        kind: spanKind.client,
        startTimeUnixNano: "1795504869447281100",
        endTimeUnixNano: "1795504869462596400",
        attributes: {
          "http.request.method": "GET",
          "url.full": "http://127.0.0.1:8765/hello",
          "server.address": "127.0.0.1",
          "server.port": 8765,
          "http.response.status_code": 200,
        },
        events: [],
        links: [],
        status: undefined,
      },
    ]);
    expect(plain(resources[0]!)).toEqual({
      "service.name": "call-cli",
      "process.runtime.name": "CPython",
      "process.runtime.version": "3.11.7",
      "telemetry.sdk.name": "X-Ray for Python",
      "telemetry.sdk.version": "2.15.0",
      "telemetry.sdk.language": "python",
    });
  });

  it("Express's request says who asked and for what; 429 is the client's failure, and still X-Ray's error", () => {
    const { spans } = spansOf(captured("express"));
    expect(spans[0]).toMatchObject({ kind: spanKind.server, flags: 0x301, status: undefined });
    expect(plain(spans[0]!)).toEqual({
      "http.request.method": "GET",
      "url.full": "http://127.0.0.1:44401/err",
      "url.scheme": "http",
      "url.path": "/err",
      "server.address": "127.0.0.1",
      "server.port": 44401,
      "http.response.status_code": 429,
      "client.address": "127.0.0.1",
      "aws.xray.error": true,
      "aws.xray.throttle": true,
    });
  });

  it("the same 429 is a failure of the call that got it", () => {
    const call = spansOf(captured("node429")).spans[1]!;
    expect(call).toMatchObject({ kind: spanKind.client, status: { code: statusCode.error } });
    expect(plain(call)).toMatchObject({ "error.type": "429", "aws.xray.throttle": true });
  });

  it("Node's refused connection is an exception whose frames without lines are kept in X-Ray's form too", () => {
    const call = spansOf(captured("nodeRefused")).spans[1]!;
    expect(call.status).toEqual({ code: statusCode.error, message: "connect ECONNREFUSED 127.0.0.1:1" });
    expect(call.events).toMatchObject([{ name: "exception", timeUnixNano: call.endTimeUnixNano }]);
    expect(plain(call.events[0]!)).toEqual({
      "exception.type": "Error",
      "exception.message": "connect ECONNREFUSED 127.0.0.1:1",
      "exception.stacktrace":
        "Error: connect ECONNREFUSED 127.0.0.1:1\n" +
        "    at TCPConnectWrap.afterConnect [as oncomplete] (node)\n" +
        "    at TCPConnectWrap.callbackTrampoline (node)",
      "aws.xray.exception.id": "1c0a65a3faa8c340",
      "aws.xray.exception.stack": expect.stringContaining('"path":"node"'),
    });
  });

  it("Python's stack is Python's traceback when the segment says that it is Python", () => {
    const [script] = spansOf(
      JSON.stringify({ ...captures.pythonScript, subsegments: [captures.pythonRefused] }),
    ).spans.slice(1);
    const trace = plain(script!.events[0]!) as Record<string, string>;
    expect(trace["exception.stacktrace"]).toMatch(
      /^Traceback \(most recent call last\):\n {2}File "call_api.py", line 9, in <module>\n/,
    );
    expect(trace["exception.stacktrace"]).toMatch(/, in send\nConnectionError: HTTPConnectionPool/);
    expect(trace).not.toHaveProperty(["aws.xray.exception.stack"]);
  });

  it("Node's call of DynamoDB is an AWS SDK call", () => {
    const call = spansOf(captured("nodeTable")).spans.find(({ name }) => name === "DynamoDB")!;
    expect(call.kind).toBe(spanKind.client);
    expect(plain(call)).toMatchObject({
      "rpc.system": "aws-api",
      "rpc.service": "DynamoDB",
      "db.system.name": "aws.dynamodb",
      "aws.dynamodb.table_names": [expect.any(String)],
    });
  });

  it.each(Object.keys(captures))("%s can be read back from its spans", (name) => {
    expectReadableBack(parsed(captured(name)));
  });
});

describe("kinds, parents and status", () => {
  it("a subsegment is internal unless it has a namespace", () => {
    expect(theCall({}).kind).toBe(spanKind.internal);
    expect(theCall({ namespace: "local" }).kind).toBe(spanKind.internal);
    expect(theCall({ namespace: "remote" }).kind).toBe(spanKind.client);
  });

  it.each(["SendMessage", "sendMessageBatch", "Publish", "PutRecords", "PutEvents"])(
    "an AWS call that hands over messages (%s) produces",
    (operation) => {
      expect(theCall({ name: "SQS", namespace: "aws", aws: { operation } }).kind).toBe(spanKind.producer);
    },
  );

  it("a root that was started by messages of other traces consumes, but no segment with a parent", () => {
    const links = [{ trace_id: "1-6553f100-0000000000000000000000ff", id: "00000000000000aa", attributes: { a: [1] } }];
    const span = theSpan({ links });
    expect(span.kind).toBe(spanKind.consumer);
    expect(span.links).toEqual([
      {
        traceId: "6553f1000000000000000000000000ff",
        spanId: "00000000000000aa",
        attributes: new Map([["a", "[1]"]]),
      },
    ]);
    expect(theSpan({ links, parent_id: "00000000000000bb" }).kind).toBe(spanKind.server);
  });

  it("a server that answers 404 has not failed; one that faults has, and so has one with an error of its own", () => {
    const http = (status: number): Wire => ({ http: { response: { status } } });
    expect(theSpan(http(404)).status).toBeUndefined();
    expect(theSpan(http(503)).status).toEqual({ code: statusCode.error, message: undefined });
    expect(theSpan({ fault: true }).status?.code).toBe(statusCode.error);
    expect(theSpan({ error: true }).status?.code).toBe(statusCode.error);
    expect(theCall({ namespace: "remote", ...http(404) }).status?.code).toBe(statusCode.error);
  });

  it("a cause that points at a subsegment's exception gives the status its message", () => {
    const exception = { id: "00000000000000e1", type: "Timeout", message: "too slow" };
    const span = theSpan({
      fault: true,
      cause: exception.id,
      subsegments: [aWireSubsegment({ fault: true, cause: { exceptions: [exception] } })],
    });
    expect(span.status).toEqual({ code: statusCode.error, message: "too slow" });
    expect(span.events).toEqual([]);
    expect(plain(span)).toMatchObject({ "error.type": "Timeout", "aws.xray.cause.reference": exception.id });
  });

  it("a segment in progress is a span without duration that says so", () => {
    const span = theSpan({ in_progress: true });
    expect(span.endTimeUnixNano).toBe(span.startTimeUnixNano);
    expect(plain(span)).toEqual({ "aws.xray.inprogress": true });
  });
});

describe("subsegments sent alone", () => {
  const segment = aDocument({ id: "00000000000000a1", name: "orders" });
  const first = aStreamedSubsegment({ id: "00000000000000a2", parent_id: "00000000000000a1" });
  const second = aStreamedSubsegment({ id: "00000000000000a3", parent_id: "00000000000000a2" });

  it("have the resource of their segment when it is sent along, before or after", () => {
    const names = spansOf(second, first, segment).resources.map((resource) => resource.attributes.get("service.name"));
    expect(names).toEqual(["orders", "orders", "orders"]);
  });

  it("have none when it is not", () => {
    const { spans, resources } = spansOf(second, first);
    expect(resources.map(plain)).toEqual([
      { "service.name": "unknown_service" },
      { "service.name": "unknown_service" },
    ]);
    expect(spans.map(({ parentSpanId }) => parentSpanId)).toEqual(["00000000000000a2", "00000000000000a1"]);
  });

  it("may make a ring of broken parents", () => {
    const ring = aStreamedSubsegment({ id: "00000000000000a1", parent_id: "00000000000000a3" });
    expect(spansOf(second, first, ring).resources.map(plain)).toEqual(
      Array(3).fill({ "service.name": "unknown_service" }),
    );
  });
});

describe("attributes", () => {
  it("annotations have their own keys, listed, and take no other attribute's place", () => {
    const annotations = { tenant: "acme", "http.request.method": "mine", "aws.xray.fault": false, "": 1 };
    expect(plain(theSpan({ annotations, http: { request: { method: "GET" } } }))).toEqual({
      "http.request.method": "GET",
      tenant: "acme",
      "aws.xray.annotation.http.request.method": "mine",
      "aws.xray.annotation.aws.xray.fault": false,
      "aws.xray.annotation.": 1,
      "aws.xray.annotations": ["tenant", "http.request.method", "aws.xray.fault", ""],
    });
  });

  it("metadata is JSON by namespace, or as a whole when it has none", () => {
    expect(plain(theSpan({ metadata: { default: { a: [1, null] }, other: "x" } }))).toEqual({
      "aws.xray.metadata.default": '{"a":[1,null]}',
      "aws.xray.metadata.other": '"x"',
    });
    expect(plain(theSpan({ metadata: [1] }))).toEqual({ "aws.xray.metadata": "[1]" });
  });

  it("a SQL call has the database's conventions, and X-Ray's own members beside them", () => {
    const sql = {
      url: "jdbc:postgresql://shop@db.example.com:5433/shop?ssl=true",
      database_type: "PostgreSQL",
      user: "shop",
      sanitized_query: "SELECT 1",
      preparation: "statement",
    };
    expect(plain(theCall({ namespace: "remote", sql }))).toEqual({
      "db.system.name": "postgresql",
      "aws.xray.sql.database_type": "PostgreSQL",
      "db.namespace": "shop",
      "server.address": "db.example.com",
      "server.port": 5433,
      "db.query.text": "SELECT 1",
      "aws.xray.sql.url": sql.url,
      "aws.xray.sql.user": "shop",
      "aws.xray.sql.preparation": "statement",
    });
  });

  it("members of an AWS call without a convention keep their names; what is no plain value is JSON", () => {
    const aws = {
      operation: "Invoke",
      function_name: "f",
      count: 3,
      resource_names: ["r"],
      deep: { a: 1 },
      none: null,
    };
    expect(plain(theCall({ name: "Lambda", namespace: "aws", aws }))).toEqual({
      "rpc.system": "aws-api",
      "rpc.service": "Lambda",
      "rpc.method": "Invoke",
      "aws.xray.aws.function_name": "f",
      "aws.xray.aws.count": 3,
      "aws.xray.aws.resource_names": ["r"],
      "aws.xray.aws": '{"deep":{"a":1}}',
    });
  });

  it("a segment on ECS tells of its account, container and SDK; the sampling rule is the request's", () => {
    const members = {
      origin: "AWS::ECS::Fargate",
      service: { version: "1.2", runtime: "node", build: 7 },
      aws: {
        account_id: "111122223333",
        ecs: { container: "web", container_id: "c1", task_arn: "arn:t", odd: true, ami: null },
        cloudwatch_logs: [{ log_group: "g", arn: "arn:g" }],
        xray: { sdk: "X-Ray for Node.js", sdk_version: "3.12.0", package: "p", rule_name: "Default" },
      },
    };
    expect(theResource(members)).toEqual({
      "service.name": "shop",
      "service.version": "1.2",
      "process.runtime.name": "node",
      "aws.xray.service.build": 7,
      "cloud.provider": "aws",
      "cloud.platform": "aws_ecs",
      "cloud.account.id": "111122223333",
      "container.name": "web",
      "container.id": "c1",
      "aws.ecs.task.arn": "arn:t",
      "aws.log.group.names": ["g"],
      "aws.log.group.arns": ["arn:g"],
      "telemetry.sdk.name": "X-Ray for Node.js",
      "telemetry.sdk.version": "3.12.0",
      "telemetry.sdk.language": "nodejs",
      "aws.xray.aws": '{"ecs":{"container_id":"c1","odd":true},"xray":{"package":"p"}}',
    });
    expect(plain(theSpan(members))).toEqual({
      "aws.xray.origin": "AWS::ECS::Fargate",
      "aws.xray.sampling_rule_name": "Default",
    });
  });

  it("an SDK alone puts a service in no cloud", () => {
    expect(theResource({ aws: { xray: { sdk: "X-Ray for Go" } } })).toEqual({
      "service.name": "shop",
      "telemetry.sdk.name": "X-Ray for Go",
      "telemetry.sdk.language": "go",
    });
  });

  it("a whole X-Forwarded-For gives its first entry as the client, and stays as the header", () => {
    const http = { request: { client_ip: "10.0.0.1, 10.0.0.2", x_forwarded_for: true, method: "PURGE" } };
    expect(plain(theSpan({ http }))).toEqual({
      "http.request.method": "_OTHER",
      "http.request.method_original": "PURGE",
      "client.address": "10.0.0.1",
      "http.request.header.x-forwarded-for": ["10.0.0.1, 10.0.0.2"],
      "aws.xray.x_forwarded_for": true,
    });
  });
});

describe("any trace", () => {
  it("has one span a (sub)segment, with valid ids, its parent, and times in order", () => {
    fc.assert(
      fc.property(arbitraryDocuments, (documents) => {
        const segments = parsed(...documents.map(({ text }) => text));
        const groups = segmentsToSpans(segments);
        expect(groups).toHaveLength(segments.length);
        groups.forEach(({ spans }, at) => {
          const all = flatten(segments[at]!);
          expect(spans.map(({ spanId, parentSpanId }) => [spanId, parentSpanId])).toEqual(
            all.map(({ id, parentId }) => [id, parentId]),
          );
          for (const span of spans) {
            expect(span.traceId).toMatch(/^[0-9a-f]{32}$/);
            expect(span.spanId).toMatch(/^[0-9a-f]{16}$/);
            expect(BigInt(span.endTimeUnixNano)).toBeGreaterThanOrEqual(BigInt(span.startTimeUnixNano));
          }
        });
      }),
    );
  });

  it("can be read back from its spans", () => {
    fc.assert(
      fc.property(arbitraryDocuments, (documents) => {
        expectReadableBack(parsed(...documents.map(({ text }) => text)));
      }),
    );
  });

  it("can be read back from its spans, whatever members it has", () => {
    fc.assert(
      fc.property(arbitrarySegment, (document) => {
        expectReadableBack(parsed(document));
      }),
      { numRuns: 300 },
    );
  });
});

/** Every segment is in the documents that are made of its spans, with all that it says. */
function expectReadableBack(segments: readonly Segment[]): void {
  const { documents, refused } = spansToDocuments(segmentsToSpans(segments));
  expect(refused).toEqual([]);
  const back = parsed(...documents.map(({ text }) => text));
  expect(eachAlone(back)).toEqual(eachAlone(segments));
}

/** All (sub)segments without those below them, in one order: a version in progress stands before the finished one. */
function eachAlone(segments: readonly Segment[]): unknown[] {
  const all = segments.flatMap(flatten).map((segment) => said({ ...segment, subsegments: [] }) as Segment);
  const keyOf = ({ id, inProgress }: Segment): string => `${id}${inProgress ? 0 : 1}`;
  return all.sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
}

/** Without what says nothing: members that are null, lists and objects without any. Metadata counts to the last null. */
function said(value: unknown): unknown {
  if (Array.isArray(value)) return value.length === 0 ? undefined : value;
  if (typeof value !== "object" || value === null) return value ?? undefined;
  const entries = Object.entries(value).map(([name, member]) => [
    name,
    name === "metadata" ? (member ?? undefined) : said(member),
  ]);
  const left = entries.filter(([, member]) => member !== undefined);
  return left.length === 0 ? undefined : Object.fromEntries(left);
}

function flatten(segment: Segment): Segment[] {
  return [segment, ...segment.subsegments.flatMap(flatten)];
}

const text = fc.oneof(fc.string({ minLength: 1, unit: "binary" }), fc.constantFrom("a", "http://h:1/p?q", "__proto__"));
const scalar = fc.oneof(text, fc.integer(), fc.double({ noNaN: true, noDefaultInfinity: true }), fc.boolean());
/** Of these, members are equal often. */
const zone = fc.constantFrom("a", "b");
const id = fc.stringMatching(/^[0-9a-f]{16}$/);
const some = (members: Record<string, fc.Arbitrary<unknown>>): fc.Arbitrary<Wire> =>
  fc.record(members, { requiredKeys: [] });

const members = {
  http: some({
    request: some({ method: text, url: text, user_agent: text, client_ip: text, x_forwarded_for: fc.constant(true) }),
    response: some({ status: fc.constantFrom(200, 404, 429, 500), content_length: fc.nat() }),
  }),
  fault: fc.boolean(),
  error: fc.boolean(),
  throttle: fc.boolean(),
  cause: fc.oneof(
    id,
    some({
      working_directory: text,
      paths: fc.array(text, { minLength: 1 }),
      exceptions: fc.array(
        some({
          id,
          type: text,
          message: text,
          remote: fc.constant(true),
          truncated: fc.nat(),
          skipped: fc.nat(),
          cause: id,
          stack: fc.array(some({ path: text, line: fc.option(fc.nat()), label: text }), { minLength: 1 }),
        }),
        { minLength: 1 },
      ),
    }),
  ),
  annotations: fc.dictionary(fc.oneof(text, fc.constantFrom("url.full", "aws.xray.user", "")), scalar, { minKeys: 1 }),
  metadata: fc.dictionary(text, fc.jsonValue(), { minKeys: 1 }),
  precursor_ids: fc.array(id, { minLength: 1 }),
  traced: fc.constant(true),
};

const arbitrarySegment: fc.Arbitrary<string> = fc
  .tuple(
    some({
      ...members,
      origin: text,
      user: text,
      resource_arn: text,
      service: some({ version: fc.oneof(text, zone), runtime: text, name: text, build: scalar, deep: fc.object() }),
      links: fc.array(fc.record({ trace_id: fc.constant(aTraceId), id, attributes: fc.record({ a: scalar }) }), {
        minLength: 1,
      }),
      aws: some({
        account_id: fc.oneof(text, fc.nat()),
        request_id: text,
        function_arn: text,
        ec2: some({ instance_id: text, instance_size: text, availability_zone: zone, odd: scalar }),
        ecs: some({ container: text, container_id: zone, availability_zone: zone }),
        eks: some({ pod: text, container_id: zone }),
        elastic_beanstalk: some({ environment_name: text, deployment_id: fc.nat(), version_label: zone }),
        xray: some({ sdk: text, sampling_rule_name: text, package: text }),
        cloudwatch_logs: fc.array(some({ log_group: text, arn: text, odd: scalar }), { minLength: 1 }),
      }),
    }),
    fc.array(
      some({
        ...members,
        namespace: fc.constantFrom("aws", "remote"),
        name: fc.constantFrom("DynamoDB", "SQS", "db.example.com"),
        sql: some({ url: text, connection_string: text, database_type: text, user: text, sanitized_query: text }),
        aws: some({
          operation: fc.constantFrom("PutItem", "SendMessage"),
          region: text,
          retries: fc.nat(),
          table_name: zone,
          table_names: fc.array(fc.oneof(text, zone)),
          key: scalar,
          odd: fc.oneof(scalar, fc.object(), fc.array(fc.jsonValue())),
        }),
      }),
      { maxLength: 2 },
    ),
  )
  .map(([segment, calls]) =>
    JSON.stringify(aWireSegment({ ...segment, subsegments: calls.map((call) => aWireSubsegment(call)) })),
  );
