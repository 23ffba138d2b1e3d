import { expect, it } from "vitest";
import { aDocument, anId, aWireSubsegment } from "../../test/fixtures/builders.ts";
import { traceOf } from "../../test/fixtures/digests.ts";
import { findLinks, type TraceLink } from "./trace-links.ts";

const otherTrace = "1-6553f100-0000000000000000000000ff";
const elsewhere = { trace_id: otherTrace, id: "00000000000000aa" };

const linksOf = (...documents: string[]): readonly TraceLink[] => findLinks(traceOf(documents));

it("a consumer is linked to the queue that it says it consumes", () => {
  const queueOf = (members: object): unknown => linksOf(aDocument({ links: [elsewhere], ...members }))[0]?.from;
  const attributes = { "messaging.system": "kafka", "messaging.destination.name": "orders" };
  expect(queueOf({ metadata: { default: attributes } })).toEqual({ name: "orders@kafka", type: "remote" });
  expect(queueOf({ metadata: { default: { ...attributes, "server.address": "k.example.com" } } })).toEqual({
    name: "orders@k.example.com",
    type: "remote",
  });
  const url = "https://sqs.eu-central-1.amazonaws.com/1/orders";
  expect(queueOf({ aws: { queue_url: url } })).toEqual({ name: url, type: "AWS::SQS::Queue" });
  expect(queueOf({ links: [{ ...elsewhere, attributes }] })).toEqual({ name: "orders@kafka", type: "remote" });
});

it("a link that tells nothing of where it leads from is none", () => {
  expect(linksOf(aDocument({ links: [elsewhere] }))).toEqual([]);
  expect(linksOf(aDocument({ aws: { queue_url: "https://sqs.eu-central-1.amazonaws.com/1/orders" } }))).toEqual([]);
});

it("several links to one queue are one, of the longest wait", () => {
  const calls = [1, 4].map((end_time) =>
    aWireSubsegment({ id: anId(), name: "outbox", namespace: "remote", start_time: 0.5, end_time }),
  );
  const producer = aDocument({ name: "web", start_time: 0, end_time: 5, subsegments: calls });
  const trace_id = JSON.parse(producer).trace_id as string;
  const links = calls.map(({ id }) => ({ trace_id, id }));
  const consumer = aDocument({ name: "worker", start_time: 6, end_time: 7, links });
  expect(linksOf(producer, consumer)).toEqual([{ from: { name: "outbox", type: "remote" }, to: 1, ageSeconds: 5 }]);
});

it("a segment that left work in the same trace is linked itself, unless it has called", () => {
  const producer = aDocument({ id: "00000000000000a1", name: "web", start_time: 0, end_time: 2 });
  const trace_id = JSON.parse(producer).trace_id as string;
  const links = [{ trace_id, id: "00000000000000a1" }];
  const later = aDocument({ name: "worker", start_time: 1, end_time: 3, links });
  expect(linksOf(producer, later)).toEqual([{ from: { name: "web" }, to: 1, ageSeconds: 0 }]);
  const called = aDocument({ name: "worker", parent_id: "00000000000000a1", start_time: 1, end_time: 3, links });
  expect(linksOf(producer, called)).toEqual([]);
});
