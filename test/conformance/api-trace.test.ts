import { PutTraceSegmentsCommand } from "@aws-sdk/client-xray";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { decodeSkeleton, type Skeleton } from "../../src/analysis/skeleton.ts";
import type { TraceSearchResult, TraceSegmentDetails } from "../../src/api/wire.ts";
import { aLargeTrace } from "../fixtures/a-large-trace.ts";
import { anId, aWireSegment, aWireSubsegment } from "../fixtures/builders.ts";
import { type AServer, aServer } from "./a-server.ts";

const small = "1-6553f100-00000000000000000000a001";
const large = "1-6553f100-00000000000000000000a002";
const rows = 12_000;
const query = anId();
const hostile = '<img src=x onerror="alert(1)">';
const document = aWireSegment({
  trace_id: small,
  subsegments: [
    aWireSubsegment({ id: query, name: hostile, sql: { sanitized_query: "SELECT Tulips" }, custom: { colour: "red" } }),
    aWireSubsegment({ name: "plain" }),
  ],
});

let server: AServer;
beforeAll(async () => {
  server = await aServer();
  const documents = [JSON.stringify(document), ...aLargeTrace(rows, { id: large })];
  for (let at = 0; at < documents.length; at += 50) {
    const TraceSegmentDocuments = documents.slice(at, at + 50);
    const { UnprocessedTraceSegments } = await server.client.send(
      new PutTraceSegmentsCommand({ TraceSegmentDocuments }),
    );
    expect(UnprocessedTraceSegments).toEqual([]);
  }
});
afterAll(() => server?.close());

const get = (path: string): Promise<Response> => fetch(server.addresses.http + path);

async function skeletonOf(id: string): Promise<Skeleton> {
  const response = await get(`/api/traces/${id}/skeleton`);
  expect(response.headers.get("cache-control")).toBe("no-store");
  return decodeSkeleton(new Uint8Array(await response.arrayBuffer()))!;
}

async function json<T>(path: string): Promise<T> {
  const response = await get(path);
  expect(response.status).toBe(200);
  return (await response.json()) as T;
}

describe.each([
  { of: "a small trace", id: small, count: 3 },
  { of: "a large trace, which is opened aside", id: large, count: rows },
])("$of", ({ id, count }) => {
  it("is told as a skeleton of all its rows", async () => {
    const skeleton = await skeletonOf(id);
    expect([skeleton.id, skeleton.count, skeleton.left, skeleton.isPartial]).toEqual([id, count, 0, false]);
    expect(skeleton.parents[0]).toBe(-1);
  });

  it("tells all of a row when asked, as it was sent, too", async () => {
    const skeleton = await skeletonOf(id);
    const row = skeleton.count - 2;
    const details = await json<TraceSegmentDetails>(
      `/api/traces/${id}/segments/${skeleton.ids.at(row)}?revision=${skeleton.revision}`,
    );
    const label = skeleton.labels[skeleton.labelOf[row]!]!;
    expect(details.revision).toBe(skeleton.revision);
    expect(details.segment).toMatchObject({ id: skeleton.ids.at(row), name: label.name, subsegments: [] });
    expect(details.service).toBe(skeleton.services[label.service]);
    expect(details.document).toMatchObject({ id: skeleton.ids.at(row), name: label.name });
    expect(details.document).not.toHaveProperty("subsegments");
  });

  it("says where a text stands, in whatever field and case", async () => {
    const { revision, labels, labelOf } = await skeletonOf(id);
    const found = await json<TraceSearchResult>(`/api/traces/${id}/search?text=sELECt&revision=${revision}`);
    expect(found.revision).toBe(revision);
    const withQuery = [...labelOf].flatMap((label, row) => (labels[label]!.detail.startsWith("SELECT") ? row : []));
    expect(found.rows).toEqual(withQuery);
    expect(withQuery.length).toBeGreaterThan(0);
  });

  it("answers of its present form when asked for one that is gone", async () => {
    const { revision } = await skeletonOf(id);
    const found = await json<TraceSearchResult>(`/api/traces/${id}/search?text=zebra&revision=${revision + 7}`);
    expect(found).toEqual({ revision, rows: [] });
  });
});

it("members that X-Ray does not know, and hostile names, are told as they came", async () => {
  const details = await json<TraceSegmentDetails>(`/api/traces/${small}/segments/${query.toUpperCase()}`);
  expect(details.segment.name).toBe(hostile);
  expect(details.document).toMatchObject({ custom: { colour: "red" } });
});

it.each([
  ["a trace that is not there", "/api/traces/1-6553f100-00000000000000000000ffff/skeleton", 404],
  ["what is no trace's id", "/api/traces/nonsense/skeleton", 404],
  ["a segment that is not there", `/api/traces/${small}/segments/ffffffffffffffff`, 404],
  ["what is no segment's id", `/api/traces/${small}/segments/x`, 404],
  ["a search of a trace that is not there", "/api/traces/1-6553f100-00000000000000000000ffff/search?text=a", 404],
  ["a search for nothing said", `/api/traces/${small}/search`, 400],
  ["a search for too much", `/api/traces/${small}/search?text=${"x".repeat(501)}`, 400],
  ["a revision that is no number", `/api/traces/${small}/search?text=a&revision=b`, 400],
])("%s is refused in AWS's shape", async (_what, path, status) => {
  const response = await get(path);
  expect(response.status).toBe(status);
  expect(response.headers.get("x-amzn-errortype")).toMatch(/Exception$/);
  expect(await response.json()).toHaveProperty("Message");
});
