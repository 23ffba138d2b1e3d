import { fileURLToPath } from "node:url";
import { afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type AServer, aServer } from "../conformance/a-server.ts";
import { mapShape } from "./map-shape.ts";
import { type PythonEnvironment, preparePython } from "./python-environment.ts";
import { type AnsweredDocument, findSummaries, readDocuments, serviceGraph } from "./read-traces.ts";
import { run } from "./running-up.ts";

/** Unchanged exporters of OpenTelemetry, set up by their own variables: two visits to a shop of two services. */
const client = (name: string): string => fileURLToPath(new URL(`clients/${name}`, import.meta.url));
const exporters = ["opentelemetry.exporter.otlp.proto.http", "opentelemetry.exporter.otlp.proto.grpc"];

let python: PythonEnvironment;
beforeAll(async () => {
  python = await preparePython(undefined, exporters.join(", "));
}, 240_000);

let server: AServer;
beforeEach(async () => {
  server = await aServer();
});
afterEach(() => server.close());

type Protocol = "http/json" | "http/protobuf" | "grpc";

async function visitShop(command: readonly [string, string], protocol: Protocol, compression: string): Promise<void> {
  const { otlpHttp, otlpGrpc } = server.addresses;
  const [program, script] = command;
  const { code, output } = await run(program, [script], {
    OTEL_EXPORTER_OTLP_PROTOCOL: protocol,
    OTEL_EXPORTER_OTLP_ENDPOINT: protocol === "grpc" ? `http://${otlpGrpc}` : otlpHttp!,
    ...(compression !== "none" && { OTEL_EXPORTER_OTLP_COMPRESSION: compression }),
  });
  expect([code, output]).toEqual([0, ""]);
}

/** Whoever recorded the visits, and whatever they came by: this is what is to be seen of them. */
async function expectTheShop(): Promise<void> {
  // Exporters end when they have their answer, and the answer comes when all is written.
  const both = "ok 1, fault 1";
  expect(mapShape(await serviceGraph(server.client))).toEqual({
    "storefront (client)": { calls: { storefront: both } },
    storefront: { root: true, counts: both, calls: { orders: both } },
    orders: { counts: both, calls: { "shop@db.internal (Database::SQL)": "ok 2" } },
    "shop@db.internal (Database::SQL)": { counts: "ok 2" },
  });
  const [failed, ...more] = await findSummaries(server.client, 'service("orders") { fault }');
  expect(more).toEqual([]);
  expect(failed).toMatchObject({ HasFault: true, Http: { HttpStatus: 500, HttpMethod: "GET" } });
  const documents = await readDocuments(server.client, failed!.Id!);
  const [page] = named(documents, "storefront");
  const [order] = named(documents, "orders");
  expect(page).toMatchObject({ fault: true, http: { response: { status: 500 } } });
  expect(page!.subsegments).toMatchObject([
    {
      name: "orders.internal",
      id: order!.parent_id,
      http: { request: { url: expect.not.stringContaining("secret") } },
    },
  ]);
  expect(order).toMatchObject({
    fault: true,
    cause: { exceptions: [{ type: "TypeError", message: "no such order" }] },
    subsegments: [{ name: "shop@db.internal" }],
  });
}

const named = (documents: readonly AnsweredDocument[], name: string): AnsweredDocument[] =>
  documents.filter((document) => document.name === name && document.inferred !== true);

describe("OpenTelemetry's JavaScript", () => {
  it.each([
    ["http/json", "none"],
    ["http/json", "gzip"],
    ["http/protobuf", "none"],
    ["http/protobuf", "gzip"],
    ["grpc", "none"],
    ["grpc", "gzip"],
  ] as const)("by %s, compression %s", async (protocol, compression) => {
    await visitShop([process.execPath, client("send-spans.cjs")], protocol, compression);
    await expectTheShop();
  });
});

describe("OpenTelemetry's Python", () => {
  beforeEach(({ skip }) => {
    if ("reason" in python) skip(python.reason);
  });

  it.each([
    ["http/protobuf", "none"],
    ["http/protobuf", "gzip"],
    ["grpc", "none"],
    ["grpc", "gzip"],
  ] as const)("by %s, compression %s", async (protocol, compression) => {
    if (!("python" in python)) throw new Error(python.reason);
    await visitShop([python.python, client("send_spans.py")], protocol, compression);
    await expectTheShop();
  });
});
