import { describe, expect, it } from "vitest";
import { serviceGraph } from "../../src/graph/build-graph.ts";
import { spansToDocuments } from "../../src/otel/spans-to-documents.ts";
import { assembleTrace } from "../../src/trace/assemble-trace.ts";
import { digestTrace } from "../../src/trace/digest-trace.ts";
import { parsed } from "../fixtures/builders.ts";
import { aSpanRequest, type Plain, type PlainGroup, type PlainSpan } from "../fixtures/span-builders.ts";

const idOf = (number: number): string => number.toString(16).padStart(16, "0");
const traceOf = (number: number): string => `6553f100${number.toString(16).padStart(24, "0")}`;

const within = (parent: number, id: number, members: PlainSpan): PlainSpan => {
  return { parent: idOf(parent), id: idOf(id), isParentRemote: false, ...members };
};
const from = (parent: number, id: number, members: PlainSpan): PlainSpan => {
  return { parent: idOf(parent), id: idOf(id), isParentRemote: true, ...members };
};
const aCall = (attributes: Plain): PlainSpan => ({ kind: "client", attributes });

/** web -> api -> PostgreSQL, Redis, a queue -> worker, DynamoDB; web -> somebody else's API. */
const system = (of: Spelling): readonly PlainGroup[] => [
  {
    resource: { "service.name": "web" },
    spans: [
      {
        id: idOf(1),
        kind: "server",
        name: "GET /orders",
        attributes: of.http("GET", "http://shop.example.com/orders"),
      },
      within(1, 2, aCall(of.http("GET", "http://api.internal:8080/orders"))),
      within(1, 3, aCall(of.http("POST", "https://payments.example.com/charges"))),
    ],
  },
  {
    resource: { "service.name": "api" },
    spans: [
      from(2, 11, { kind: "server", name: "GET /orders", attributes: of.http("GET", "http://api.internal/orders") }),
      within(11, 12, aCall(of.database("postgresql", "shop", "localhost", 5432))),
      within(11, 13, aCall(of.database("redis", "0", "localhost", 6379))),
      within(11, 14, { kind: "producer", attributes: of.queue }),
      within(11, 15, aCall(of.aws)),
      within(15, 16, aCall(of.http("POST", "https://dynamodb.eu-west-1.amazonaws.com/"))),
    ],
  },
  { resource: { "service.name": "worker" }, spans: [from(14, 21, { kind: "consumer", attributes: of.queue })] },
];

interface Spelling {
  readonly http: (method: string, url: string) => Plain;
  readonly database: (system: string, name: string, host: string, port: number) => Plain;
  readonly queue: Plain;
  readonly aws: Plain;
}

const stable: Spelling = {
  http: (method, url) => ({
    "http.request.method": method,
    "url.full": url,
    "server.address": new URL(url).hostname,
    "http.response.status_code": 200,
  }),
  database: (system, name, host, port) => ({
    "db.system.name": system,
    "db.namespace": name,
    "server.address": host,
    "server.port": port,
  }),
  queue: { "messaging.system": "kafka", "messaging.destination.name": "orders" },
  aws: {
    ...{ "rpc.system": "aws-api", "rpc.service": "DynamoDB", "rpc.method": "PutItem" },
    "aws.dynamodb.table_names": ["orders"],
  },
};
const old: Spelling = {
  http: (method, url) => ({ "http.method": method, "http.url": url, "http.status_code": 200 }),
  database: (system, name, host, port) => ({
    "db.system": system,
    "db.name": name,
    "net.peer.name": host,
    "net.peer.port": port,
  }),
  queue: { "messaging.system": "kafka", "messaging.destination": "orders" },
  aws: { "aws.service": "DynamoDB", "aws.operation": "PutItem", "aws.table_name": "orders" },
};

/** The map as a list: each node with those it calls. */
function map(...requests: readonly (readonly PlainGroup[])[]): readonly string[] {
  const texts = requests.flatMap((groups) => spansToDocuments(aSpanRequest(groups)).documents.map(({ text }) => text));
  const segments = parsed(...texts);
  const ids = [...new Set(segments.map(({ traceId }) => traceId))];
  const digests = ids.map((id) =>
    digestTrace(
      assembleTrace(
        id,
        segments.filter((one) => one.traceId === id),
      ),
      1,
    ),
  );
  const { nodes } = serviceGraph(digests, 1_600_000_000, 1_800_000_000);
  const label = (at: number): string => {
    const { name, type, isClient } = nodes[at]!;
    return isClient ? "clients" : type === undefined ? name : `${name} (${type})`;
  };
  return nodes.flatMap(({ edges }, at) => {
    const to = edges.map((edge) => label(edge.to)).sort();
    return to.length === 0 ? [] : [`${label(at)} -> ${to.join(", ")}`];
  });
}

const drawn = [
  "clients -> web",
  "api -> orders (AWS::DynamoDB::Table), redis@localhost (remote), shop@localhost (Database::SQL), worker",
  "web -> api, payments.example.com (remote)",
];

describe.each([
  ["stable", stable],
  ["old", old],
])("spans of a small system in the %s conventions", (_word, spelling) => {
  it("are the map that a person would draw", () => {
    expect(map(system(spelling))).toEqual(drawn);
  });

  it("are the same map when every service sends its own", () => {
    expect(map(...system(spelling).map((group) => [group]))).toEqual(drawn);
  });

  it("are the same map when every span comes alone but for the call that DynamoDB's is made with", () => {
    const alone = system(spelling).flatMap(({ resource, spans }) => {
      const [last, ...others] = [...spans].reverse();
      const pairs = last!.id === idOf(16) ? [[others.shift()!, last!]] : [[last!]];
      return [...pairs, ...others.map((span) => [span])].map((few): PlainGroup[] => [
        { resource: resource!, spans: few },
      ]);
    });
    expect(map(...alone)).toEqual(drawn);
  });
});

describe("services on the map", () => {
  it("a program that only calls is there, and calls", () => {
    const spans = [{ id: idOf(1), ...aCall(stable.http("GET", "https://api.example.com/")) }];
    expect(map([{ resource: { "service.name": "nightly" }, spans }])).toEqual([
      "clients -> nightly",
      "nightly -> api.example.com (remote)",
    ]);
  });

  it("a queue is not a service that has its name", () => {
    const spans = [
      { id: idOf(1), kind: "server" } as const,
      within(1, 2, { kind: "producer", attributes: stable.queue }),
    ];
    const orders = [{ id: idOf(3), traceId: traceOf(2), kind: "server" } as const];
    const groups = [
      { resource: { "service.name": "web" }, spans },
      { resource: { "service.name": "orders" }, spans: orders },
    ];
    expect(map(groups)).toEqual(["clients -> orders", "clients -> web", "web -> orders@kafka (remote)"]);
  });

  it("a producer and a consumer that only links to it meet at the queue", () => {
    const web = [
      { id: idOf(1), kind: "server" } as const,
      within(1, 14, { kind: "producer", attributes: stable.queue }),
    ];
    const links = [{ traceId: traceOf(1), id: idOf(14) }];
    const worker = [{ id: idOf(31), traceId: traceOf(2), kind: "consumer", attributes: stable.queue, links } as const];
    const producing = [{ resource: { "service.name": "web" }, spans: web }];
    const consuming = [{ resource: { "service.name": "worker" }, spans: worker }];
    expect(map(producing, consuming)).toEqual([
      "clients -> web",
      "orders@kafka (remote) -> worker",
      "web -> orders@kafka (remote)",
    ]);
  });

  it("a consumer that only links to what it consumes is a service with a trace of its own, and keeps the links", () => {
    const links = [{ traceId: traceOf(1), id: idOf(14) }];
    const spans = [{ id: idOf(31), traceId: traceOf(2), kind: "consumer", links } as const];
    const groups = [{ resource: { "service.name": "worker" }, spans }];
    expect(map(groups)).toEqual(["clients -> worker"]);
    const [document] = spansToDocuments(aSpanRequest(groups)).documents;
    expect(parsed(document!.text)[0]!.links).toEqual([
      { traceId: "1-6553f100-000000000000000000000001", id: idOf(14) },
    ]);
  });
});
