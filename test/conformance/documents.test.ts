import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { assembleTrace } from "../../src/trace/assemble-trace.ts";
import { causeExceptions } from "../../src/trace/cause-exceptions.ts";
import type { RootCause, TraceDigest } from "../../src/trace/digest.ts";
import { digestTrace } from "../../src/trace/digest-trace.ts";
import { type ParsedDocument, parseSegment } from "../../src/trace/parse-segment.ts";
import { scrubDocument } from "../../src/trace/scrub.ts";
import type { Segment } from "../../src/trace/segment.ts";
import { summarise, type TraceSummary } from "../../src/trace/summarise.ts";
import type { Trace } from "../../src/trace/trace.ts";
import { traceDocuments } from "../../src/trace/trace-documents.ts";
import { fixtureDocuments, fixtureTraceId } from "../fixtures/api-fixtures.ts";
import { aDocument, aWireSubsegment, parsed, type Wire } from "../fixtures/builders.ts";

/** Documents as the official SDKs sent them. */
const captures: Record<string, Wire> = JSON.parse(
  readFileSync(new URL("../fixtures/captures.json", import.meta.url), "utf8"),
);

/** The captured document with some members changed; whole, or around it a segment when it is an embedded subsegment. */
function captured(name: string, members: Wire = {}): string {
  const capture = { ...captures[name]!, ...members };
  return "trace_id" in capture && capture.type !== "subsegment"
    ? JSON.stringify(capture)
    : aDocument({ subsegments: [capture] });
}

function sent(name: string): string {
  return JSON.stringify(captures[name]);
}

function theTrace(...documents: readonly string[]): Trace {
  const segments = parsed(...documents);
  return assembleTrace(segments[0]!.traceId, segments);
}

function theSubsegment(text: string): Segment {
  return theTrace(text).segments[0]!.subsegments[0]!;
}

function theCode(parsed: ParsedDocument): string | undefined {
  return parsed.kind === "refused" ? parsed.problem.code : undefined;
}

/** `name (type)`, or the bare name of a node without a type. */
function nodesOf(trace: Trace): string[] {
  return trace.segments.map(({ node }) => (node.type === undefined ? node.name : `${node.name} (${node.type})`));
}

function callsOf(trace: Trace): string[] {
  const nodes = nodesOf(trace);
  return trace.calls.map(({ from, to }) => `${nodes[from]} -> ${nodes[to]}`);
}

describe("documents of the official SDKs", () => {
  it("C-70: the script's one segment gives two nodes and a good call between them", () => {
    const trace = theTrace(scrubDocument(sent("pythonScript")));
    expect(nodesOf(trace)).toEqual(["call-cli", "127.0.0.1 (remote)"]);
    expect(callsOf(trace)).toEqual(["call-cli -> 127.0.0.1 (remote)"]);
    expect(trace.segments[1]!.inferred).toBe(true);
    expect(trace.calls[0]!.caller).toMatchObject({ fault: false, error: false, http: { status: 200 } });
    expect(summarise(digestTrace(trace, 1))).toMatchObject({
      durationSeconds: 0.016,
      hasFault: false,
      isPartial: false,
    });
  });

  it("C-71: a 503 is a fault of the call, not of the script", () => {
    const [call] = captures.pythonScript!.subsegments as Wire[];
    const http = { ...(call!.http as Wire), response: { status: 503 } };
    const trace = theTrace(captured("pythonScript", { subsegments: [{ ...call, http, fault: true }] }));
    expect(trace.segments.map((segment) => segment.fault)).toEqual([false, true]);
    expect(trace.calls[0]!.caller.fault).toBe(true);
  });

  it.each([
    ["C-72", "then the finished one", [0, 1]],
    ["C-73", "after the finished one", [1, 0]],
  ])("%s: a document in progress, %s: the finished one counts", (_, __, order) => {
    const finished = sent("express");
    const running = captured("express", { end_time: undefined, in_progress: true });
    const trace = theTrace(...order.map((i) => [running, finished][i]!));
    expect(trace.segments).toHaveLength(1);
    expect(trace.segments[0]).toMatchObject({ inProgress: false, endSeconds: captures.express!.end_time });
    expect(summarise(digestTrace(trace, 1))).toMatchObject({ responseTimeSeconds: 0.019, isPartial: false });
  });

  it.each(["nodeStreamed", "pythonStreamed", "nodeLambda", "pythonLambda"])(
    "C-74: %s, a subsegment sent alone before its segment, is attached once the segment arrives",
    (name) => {
      const { trace_id, parent_id } = captures[name]!;
      const early = theTrace(sent(name));
      expect(early).toMatchObject({ segments: [], orphans: [{ id: captures[name]!.id }], isPartial: true });
      const late = theTrace(sent(name), aDocument({ trace_id, id: parent_id }));
      expect(late).toMatchObject({
        orphans: [],
        segments: [{ subsegments: [{ id: captures[name]!.id }] }, ...late.segments.slice(1)],
      });
    },
  );

  it("C-75: a subsegment that is embedded and sent alone is there once", () => {
    const [embedded] = captures.pythonScript!.subsegments as Wire[];
    const trace = theTrace(JSON.stringify(embedded), sent("pythonScript"));
    expect(trace.segments[0]!.subsegments).toHaveLength(1);
    expect(trace.segments).toHaveLength(2);
  });

  it("C-76: in_progress: false beside an end_time is finished", () => {
    expect(captures.pythonScript!.in_progress).toBe(false);
    expect(theTrace(sent("pythonScript")).segments.map((segment) => segment.inProgress)).toEqual([false, false]);
  });

  it("C-77: neither end_time nor in_progress is unprocessed", () => {
    expect(theCode(parseSegment(captured("nodeScript", { end_time: undefined })))).toBe("MissingEndTime");
  });

  it.each([
    ["name", "MissingName"],
    ["id", "MissingId"],
  ])("C-78: without its %s a document is unprocessed as %s", (member, code) => {
    expect(theCode(parseSegment(captured("nodeScript", { [member]: undefined })))).toBe(code);
  });

  it.each(["NaN", "Infinity", "-Infinity"])(
    "C-79: an annotation of Python's bare %s costs that annotation only",
    (value) => {
      const text = captured("pythonScript", { annotations: { bad: "HERE", good: "NaN, Infinity" } }).replace(
        '"HERE"',
        value,
      );
      expect(() => JSON.parse(text)).toThrow();
      expect(theTrace(text).segments[0]!.annotations).toEqual({ good: "NaN, Infinity" });
    },
  );

  it("C-80: a stack frame may have no line", () => {
    const [exception] = theSubsegment(captured("nodeRefused")).cause!.exceptions;
    expect(exception!.stack![0]).toEqual({
      path: "node",
      line: undefined,
      label: "TCPConnectWrap.afterConnect [as oncomplete]",
    });
  });

  const failing = { id: "ca8fcb526d9acb4f", exceptionId: "94eafd6e2459f9e1" };
  it.each([
    ["an exception's id", failing.exceptionId],
    ["a subsegment's id", { id: failing.id }],
    ["a subsegment's id beside no exceptions", { id: failing.id, exceptions: [] }],
  ])("C-81: a cause that is %s leads to the exception further down", (_, cause) => {
    const exceptions = [{ id: failing.exceptionId, type: "TypeError", message: "x is not a function" }];
    const inner = aWireSubsegment({ id: failing.id, fault: true, cause: { working_directory: "/app", exceptions } });
    const outer = aWireSubsegment({ fault: true, cause, subsegments: [inner] });
    const [segment] = theTrace(aDocument({ fault: true, cause, subsegments: [outer] })).segments;
    for (const place of [segment!, segment!.subsegments[0]!]) {
      expect(causeExceptions(place)).toMatchObject([{ type: "TypeError", message: "x is not a function" }]);
    }
  });

  it.each([
    [25, 25],
    ["25", 25],
    [-1, undefined],
    ["lots", undefined],
  ])("C-82: a content_length of %j is read as %j", (length, expected) => {
    const http = { response: { status: 200, content_length: length } };
    expect(theSubsegment(captured("nodeFetch", { http })).http!.contentLength).toBe(expected);
  });

  it("C-83: members that no schema knows are accepted", () => {
    expect(parseSegment(captured("nodeScript", { Dummy: false, custom: { a: [1] } })).kind).toBe("segments");
  });

  it.each([
    ["at the top", { traced: true }],
    ["in http.request", { http: { request: { url: "http://x", traced: true } } }],
  ])("C-84: traced %s announces the callee's segment", (_, members) => {
    const trace = theTrace(captured("nodeFetch", members));
    expect(trace.calls[0]!.caller.traced).toBe(true);
    expect(trace.isPartial).toBe(true);
  });

  it.each(["rule_name", "sampling_rule_name"])("C-85: aws.xray.%s is the sampling rule", (member) => {
    const aws = parsed(captured("express", { aws: { xray: { sdk: "x", [member]: "Default" } } }))[0]!.aws!;
    expect(aws.samplingRule).toBe("Default");
    expect(aws.raw).toEqual({ xray: { sdk: "x", sampling_rule_name: "Default" } });
  });

  it.each([
    [
      "elastic_beanstalk.environment",
      { elastic_beanstalk: { environment: "e" } },
      { elastic_beanstalk: { environment_name: "e" } },
    ],
    ["ec2.instance_type", { ec2: { instance_type: "t3", ami_id: "a" } }, { ec2: { instance_size: "t3", ami_id: "a" } }],
  ])("C-86: %s is mapped to the schema's word", (_, aws, expected) => {
    expect(parsed(captured("express", { aws }))[0]!.aws!.raw).toEqual(expected);
  });

  it("C-87: Python's namespace local makes no node", () => {
    const { trace_id, parent_id } = captures.pythonStreamed!;
    const trace = theTrace(sent("pythonStreamed"), aDocument({ trace_id, id: parent_id }));
    expect(captures.pythonStreamed!.namespace).toBe("local");
    expect(trace.segments).toHaveLength(1);
    expect(trace.calls).toEqual([]);
  });

  it("C-88: the method get is shown as GET", () => {
    expect(theSubsegment(sent("pythonScript")).http!.method).toBe("GET");
  });

  it("C-89: of 51 annotations all are kept and 50 indexed", () => {
    const annotations = Object.fromEntries(Array.from({ length: 51 }, (_, i) => [`k${i}`, i]));
    const trace = theTrace(captured("express", { annotations }));
    expect(Object.keys(trace.segments[0]!.annotations!)).toHaveLength(51);
    expect(digestTrace(trace, 1).segments[0]!.annotations).toHaveLength(50);
    expect(Object.keys(JSON.parse(traceDocuments(trace)[0]!.document).annotations)).toHaveLength(51);
  });

  it("C-90: an annotation with a bad key stays in the document and out of the index", () => {
    const trace = theTrace(captured("express", { annotations: { "bad key!": 1, good: 2 } }));
    expect(JSON.parse(traceDocuments(trace)[0]!.document).annotations).toEqual({ "bad key!": 1, good: 2 });
    expect(digestTrace(trace, 1).segments[0]!.annotations).toEqual([["good", 2]]);
  });

  it("C-91: a document over the limit is unprocessed with a reason, the limit being a setting", () => {
    const text = captured("express", { metadata: { fill: "" } });
    const padded = text.replace('"fill":""', `"fill":"${"x".repeat(65_536 + 1 - text.length)}"`);
    expect(padded).toHaveLength(65_537);
    expect(parseSegment(padded).kind).toBe("segments");
    expect(parseSegment(padded, { maxBytes: 65_536 })).toMatchObject({
      kind: "refused",
      problem: { code: "SegmentTooLarge", message: expect.stringContaining("65536 bytes") },
    });
  });

  it("C-92: 200 levels of subsegments are read, assembled, digested and written", () => {
    let inner = aWireSubsegment({ name: "innermost", namespace: "remote", fault: true });
    for (let i = 1; i < 200; i++) inner = aWireSubsegment({ subsegments: [inner] });
    const trace = theTrace(aDocument({ subsegments: [inner] }));
    expect(nodesOf(trace)).toEqual(["shop", "innermost (remote)"]);
    expect(digestTrace(trace, 1).faultCauses).toHaveLength(1);
    expect(traceDocuments(trace)).toHaveLength(2);
  });

  it("C-93: a name of 300 characters is cut to 200 and kept", () => {
    expect(parsed(captured("express", { name: "x".repeat(300) }))[0]!.name).toBe("x".repeat(200));
    expect(parsed(captured("express", { name: `${"x".repeat(199)}😀` }))[0]!.name).toBe("x".repeat(199));
  });

  it.each(Object.keys(captures).filter((name) => name !== "nodeTableThrottled"))(
    "%s is read without a complaint, scrubbed or not",
    (name) => {
      for (const text of [captured(name), scrubDocument(captured(name))]) {
        expect(parseSegment(text)).toMatchObject({ kind: "segments", problems: [] });
      }
    },
  );

  it("the token that Node's fetch leaves in the URL is scrubbed", () => {
    expect(theSubsegment(scrubDocument(captured("nodeFetch"))).http!.url).toBe(
      "http://127.0.0.1:8765/hello?token=REDACTED",
    );
  });
});

describe("the map", () => {
  it("C-100: a remote call that no segment answers has an inferred node", () => {
    const trace = theTrace(sent("nodeScript"));
    expect(trace.segments.map((segment) => segment.inferred)).toEqual([false, true]);
    expect(JSON.parse(traceDocuments(trace)[1]!.document)).toMatchObject({
      inferred: true,
      parent_id: "badaa519ac14d73c",
    });
  });

  it("C-101: the callee's segment takes the inferred node's place", () => {
    const { trace_id } = captures.nodeScript!;
    const trace = theTrace(sent("nodeScript"), aDocument({ trace_id, name: "backend", parent_id: "badaa519ac14d73c" }));
    expect(callsOf(trace)).toEqual(["call-cli-node -> backend"]);
    expect(trace.segments.some((segment) => segment.inferred)).toBe(false);
  });

  it("C-102: a call to a table goes to the table", () => {
    expect(nodesOf(theTrace(captured("nodeTable")))).toContain("users (AWS::DynamoDB::Table)");
  });

  it("C-103: Node's DynamoDB and Python's dynamodb are one node", () => {
    const python = { ...captures.nodeTable!, id: "0000000000000abc", name: "dynamodb" };
    const digest = digestTrace(theTrace(aDocument({ subsegments: [captures.nodeTable, python] })), 1);
    expect(digest.nodes).toEqual([{ name: "shop" }, { name: "users", type: "AWS::DynamoDB::Table" }]);
  });

  it("C-104: in front of the entry stands a client", () => {
    expect(summarise(digestTrace(theTrace(sent("express")), 1)).serviceIds[0]).toMatchObject({
      name: "my-service",
      type: "client",
    });
  });

  it("a throttled call to a table is an error, a throttle and, as Node says, a fault", () => {
    const call = theSubsegment(captured("nodeTableThrottled", { start_time: 1, end_time: 2 }));
    expect(call).toMatchObject({ fault: true, error: true, throttle: true });
  });
});

/** What each of the eight traces must come to. */
interface Expected {
  readonly nodes: readonly string[];
  readonly calls: readonly string[];
  readonly summary: Partial<TraceSummary>;
  readonly causes?: Partial<Record<"fault" | "error" | "responseTime", readonly string[]>>;
}

const api = "api.example.com (AWS::EC2::Instance)";
const backend = "backend.example.com";
const table = "scores (AWS::DynamoDB::Table)";

const expected: Record<number, Expected> = {
  1: {
    nodes: [api, backend, table],
    calls: [`${api} -> ${backend}`, `${backend} -> ${table}`],
    summary: {
      durationSeconds: 1.2,
      responseTimeSeconds: 1.2,
      hasFault: false,
      hasError: false,
      isPartial: false,
      instanceIds: ["i-0aaa"],
      availabilityZones: ["us-east-1a"],
    },
    causes: {
      responseTime: [
        "api.example.com[api.example.com 1, backend.example.com 0.75 remote] backend.example.com[backend.example.com 0.667, DynamoDB 0.417 remote] scores[DynamoDB 0.417] inferred, impacting",
      ],
    },
  },
  2: {
    nodes: [api, backend],
    calls: [`${api} -> ${backend}`],
    summary: { durationSeconds: 2.5, responseTimeSeconds: 2.5, hasFault: false, hasError: false, users: [] },
    causes: {
      error: ["api.example.com[api.example.com, backend.example.com remote] backend.example.com[backend.example.com]"],
    },
  },
  3: {
    nodes: [api, backend, table],
    calls: [`${api} -> ${backend}`, `${backend} -> ${table}`],
    summary: { durationSeconds: 6, responseTimeSeconds: 6, hasFault: true, hasError: false },
    causes: {
      fault: [
        "api.example.com[api.example.com, backend.example.com remote] backend.example.com[backend.example.com, DynamoDB remote InternalServerError: table is unavailable] scores[DynamoDB] inferred, impacting",
      ],
      responseTime: [
        "api.example.com[api.example.com 1, backend.example.com 0.967 remote] backend.example.com[backend.example.com 0.917, DynamoDB 0.883 remote] scores[DynamoDB 0.883] inferred, impacting",
      ],
    },
  },
  4: {
    nodes: ["checkout.example.com"],
    calls: [],
    summary: { durationSeconds: 0.05, responseTimeSeconds: 0.05, hasError: true, hasThrottle: true, hasFault: false },
    causes: { error: ["checkout.example.com[checkout.example.com], impacting"] },
  },
  5: {
    nodes: ["worker.example.com"],
    calls: [],
    summary: { durationSeconds: 0, isPartial: true, http: {} },
  },
  6: {
    nodes: ["random-name (AWS::Lambda)", "random-name (AWS::Lambda::Function)", "ebdb@db.example.com (Database::SQL)"],
    calls: [
      "random-name (AWS::Lambda) -> random-name (AWS::Lambda::Function)",
      "random-name (AWS::Lambda::Function) -> ebdb@db.example.com (Database::SQL)",
    ],
    summary: {
      durationSeconds: 0.8,
      hasError: false,
      resourceArns: ["arn:aws:lambda:us-west-2:123456789012:function:random-name"],
    },
    causes: {
      error: [
        "random-name[random-name] random-name[random-name ValidationError: Access Denied for account_id: 1234567890, Invocation]",
      ],
      responseTime: ["random-name[random-name 1] random-name[random-name 0.875, Invocation 0.75], impacting"],
    },
  },
  7: {
    nodes: ["scheduler.example.com", "worker2.example.com"],
    calls: ["scheduler.example.com -> worker2.example.com"],
    summary: { durationSeconds: 9, responseTimeSeconds: 1, isPartial: false },
  },
  8: {
    nodes: [api, "uinames.com (remote)"],
    calls: [`${api} -> uinames.com (remote)`],
    summary: { durationSeconds: 0.9, responseTimeSeconds: 0.9, hasFault: false, hasError: false },
    causes: {
      fault: [
        "api.example.com[api.example.com, uinames.com remote HttpError: upstream said 503] uinames.com[uinames.com] inferred",
      ],
      responseTime: [
        "api.example.com[api.example.com 1, uinames.com 0.778 remote] uinames.com[uinames.com 0.778] inferred, impacting",
      ],
    },
  },
};

/** A cause in a line: services with their paths, what is inferred, what the client felt. */
function told({ services, clientImpacting }: RootCause): string {
  const parts = services.map(({ node, inferred, entities }) => {
    const path = entities.map(({ name, coverage, remote, exceptions }) =>
      [name, coverage, remote ? "remote" : undefined, ...exceptions.map((each) => `${each.name}: ${each.message}`)]
        .filter((word) => word !== undefined)
        .join(" "),
    );
    return `${node.name}[${path.join(", ")}]${inferred ? " inferred" : ""}`;
  });
  return parts.join(" ") + (clientImpacting ? ", impacting" : "");
}

describe.each(Object.entries(expected))("fixture trace %s", (n, { nodes, calls, summary, causes = {} }) => {
  const number = Number(n);
  const trace = assembleTrace(fixtureTraceId(number), parsed(...fixtureDocuments(number)));
  const digest: TraceDigest = digestTrace(trace, 1);

  it("has these nodes and calls", () => {
    expect(nodesOf(trace)).toEqual(nodes);
    expect(callsOf(trace)).toEqual(calls);
  });

  it("has an inferred document for every node that sent none, and none with a dangling parent", () => {
    const documents = traceDocuments(trace).map(({ document }) => JSON.parse(document) as Wire);
    const inferred = documents.filter((document) => document.inferred === true);
    expect(inferred).toHaveLength(nodes.length - fixtureDocuments(number).length);
    for (const { parent_id } of inferred) expect(JSON.stringify(documents)).toContain(`"id":"${parent_id}"`);
    expect(traceDocuments(assembleTrace(trace.id, parsed(...fixtureDocuments(number).reverse())))).toEqual(
      traceDocuments(trace),
    );
  });

  it("has this summary", () => {
    expect(summarise(digest)).toMatchObject({ id: fixtureTraceId(number), revision: 1, ...summary });
    if (summary.responseTimeSeconds === undefined && summary.isPartial) {
      expect(summarise(digest).responseTimeSeconds).toBeUndefined();
    }
  });

  it("has these root causes", () => {
    expect(digest.faultCauses.map(told)).toEqual(causes.fault ?? []);
    expect(digest.errorCauses.map(told)).toEqual(causes.error ?? []);
    expect(digest.responseTimeCauses.map(told)).toEqual(causes.responseTime ?? []);
  });
});

it("the first fixture trace knows its annotations and its user", () => {
  const summary = summarise(digestTrace(assembleTrace(fixtureTraceId(1), parsed(...fixtureDocuments(1))), 1));
  expect(summary.users.map((user) => user.name)).toEqual(["alice"]);
  expect(Object.entries(summary.annotations).map(([key, [first]]) => [key, first!.value])).toEqual([
    ["gameid", "817DL6VO"],
    ["age", 31],
    ["premium", true],
  ]);
  expect(summary.serviceIds.map(({ name, type }) => [name, type])).toEqual([
    ["api.example.com", "client"],
    ["api.example.com", "AWS::EC2::Instance"],
    ["backend.example.com", undefined],
    ["scores", "AWS::DynamoDB::Table"],
  ]);
});
