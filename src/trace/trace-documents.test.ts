import fc from "fast-check";
import { expect, it } from "vitest";
import {
  aDocument,
  aStreamedSubsegment,
  aTraceId,
  aWireSubsegment,
  parsed,
  type Wire,
} from "../../test/fixtures/builders.ts";
import { assembleTrace } from "./assemble-trace.ts";
import { traceDocuments } from "./trace-documents.ts";

function theDocuments(...documents: readonly string[]): Wire[] {
  return traceDocuments(assembleTrace(aTraceId, parsed(...documents))).map(({ id, document }) => {
    const wire = JSON.parse(document) as Wire;
    expect(wire.id).toBe(id);
    return wire;
  });
}

/** Every member the schema has, as the schema has it. */
const segment: Wire = {
  id: "53995c3f42cd8ad8",
  name: "shop",
  start_time: 1.5,
  trace_id: aTraceId,
  end_time: 2.5,
  parent_id: "0000000000000001",
  http: {
    request: { method: "GET", url: "http://shop/x", user_agent: "curl", client_ip: "10.0.0.1", x_forwarded_for: true },
    response: { status: 503, content_length: 12 },
  },
  aws: { account_id: "1", ec2: { instance_id: "i-1" }, xray: { sdk: "ours" } },
  origin: "AWS::EC2::Instance",
  resource_arn: "arn:x",
  user: "alice",
  service: { version: "7" },
  links: [{ trace_id: aTraceId, id: "0000000000000002", attributes: { a: "b" } }],
  fault: true,
  cause: {
    working_directory: "/app",
    paths: ["a.js"],
    exceptions: [
      {
        id: "0000000000000003",
        type: "Error",
        message: "no",
        remote: true,
        truncated: 1,
        skipped: 2,
        cause: "0000000000000004",
        stack: [{ path: "a.js", line: 3, label: "f" }],
      },
    ],
  },
  annotations: { a: 1 },
  metadata: { default: { b: [null] } },
  subsegments: [
    {
      id: "0000000000000005",
      name: "db",
      start_time: 1.6,
      end_time: 1.7,
      precursor_ids: ["0000000000000006"],
      sql: { url: "jdbc:x", sanitized_query: "select 1", preparation: "statement" },
    },
    { id: "0000000000000006", name: "running", start_time: 1.6, in_progress: true },
  ],
};

it("a document in the schema's words comes back as it went in, member by member in its order", () => {
  expect(JSON.stringify(theDocuments(JSON.stringify(segment))[0])).toBe(JSON.stringify(segment));
});

it("what comes back is read again as the same segments", () => {
  const [first] = theDocuments(JSON.stringify(segment));
  expect(parsed(JSON.stringify(first))).toEqual(parsed(JSON.stringify(segment)));
});

it("members of no schema are left out", () => {
  const [document] = theDocuments(aDocument({ Dummy: false, subsegments: [aWireSubsegment({ custom: { a: 1 } })] }));
  expect(JSON.stringify(document)).not.toMatch(/Dummy|custom/);
});

it("subsegments sent alone stand in their places, without what only a document of its own needs", () => {
  const child = { id: "0000000000000007", parent_id: "53995c3f42cd8ad8", name: "child" };
  const [document] = theDocuments(aStreamedSubsegment(child), aDocument({ id: child.parent_id }));
  expect(document!.subsegments).toEqual([
    { id: child.id, name: "child", start_time: 1_700_000_000.25, end_time: 1_700_000_000.75 },
  ]);
});

it("a call without a callee's segment has an inferred document, a table's with its name as resource", () => {
  const call = aWireSubsegment({
    name: "DynamoDB",
    namespace: "aws",
    aws: { table_name: "users", operation: "GetItem" },
    http: { response: { status: 200 } },
    annotations: { a: 1 },
    cause: { exceptions: [{ id: "0000000000000008", message: "no" }] },
  });
  const [caller, inferred] = theDocuments(aDocument({ subsegments: [call] }));
  expect(inferred).toEqual({
    id: expect.stringMatching(/^[0-9a-f]{16}$/),
    name: "DynamoDB",
    start_time: call.start_time,
    trace_id: aTraceId,
    end_time: call.end_time,
    parent_id: call.id,
    inferred: true,
    http: { response: { status: 200 } },
    aws: { table_name: "users", operation: "GetItem", resource_names: ["users"] },
    origin: "AWS::DynamoDB::Table",
  });
  expect((caller!.subsegments as Wire[])[0]).toMatchObject({ namespace: "aws", aws: { resource_names: ["users"] } });
});

it("an inferred host names no origin", () => {
  const [, inferred] = theDocuments(
    aDocument({ subsegments: [aWireSubsegment({ namespace: "remote", fault: true })] }),
  );
  expect(inferred).toMatchObject({ inferred: true, fault: true });
  expect(inferred).not.toHaveProperty("origin");
});

it("a call that announces its callee says so where the schema has it", () => {
  const http = { request: { url: "http://x" } };
  const calls = [
    aWireSubsegment({ traced: true, namespace: "remote", http }),
    aWireSubsegment({ traced: true, namespace: "remote" }),
  ];
  const [document] = theDocuments(aDocument({ subsegments: calls }));
  expect(document!.subsegments).toMatchObject([
    { http: { request: { url: "http://x", traced: true } } },
    { traced: true },
  ]);
});

it("orphans have no documents yet", () => {
  expect(theDocuments(aStreamedSubsegment({ parent_id: "0000000000000009" }))).toEqual([]);
});

it("the deepest tree that the parser and the assembly allow can be written", () => {
  const id = (i: number): string => i.toString(16).padStart(16, "0");
  const chain = Array.from({ length: 2000 }, (_, i) => aStreamedSubsegment({ id: id(i + 1), parent_id: id(i) }));
  let inner = aWireSubsegment();
  for (let i = 0; i < 498; i++) inner = aWireSubsegment({ subsegments: [inner] });
  const deep = aStreamedSubsegment({ parent_id: id(500), subsegments: [inner] });
  expect(theDocuments(...chain, deep, aDocument({ id: id(0) }))).toHaveLength(1);
});

it("whatever metadata and annotations hold comes back", () => {
  fc.assert(
    fc.property(
      fc.jsonValue(),
      fc.dictionary(fc.string(), fc.oneof(fc.string(), fc.boolean(), fc.integer())),
      (metadata, annotations) => {
        const [document] = theDocuments(aDocument({ metadata, annotations }));
        expect(document!.metadata).toEqual(JSON.parse(JSON.stringify(metadata)));
        expect(document!.annotations).toEqual(annotations);
      },
    ),
  );
});
