import { readDatagram, writeDatagram } from "../../../src/xray/datagram.ts";
import { apiFixtures, fixtureDocuments } from "../../fixtures/api-fixtures.ts";
import { hostileDocuments, slowTraceId } from "../../fixtures/hostile-traces.ts";
import { asJson, type Door, jsonWords, seedsOf } from "../door.ts";
import { everythingOf } from "./everything-of.ts";

const members = [
  ...["trace_id", "id", "parent_id", "name", "start_time", "end_time", "in_progress", "subsegments", "type"],
  ...["subsegment", "namespace", "remote", "aws", "http", "request", "response", "status", "url", "method", "traced"],
  ...[
    "fault",
    "error",
    "throttle",
    "cause",
    "exceptions",
    "stack",
    "sql",
    "sanitized_query",
    "annotations",
    "metadata",
  ],
  ...["service", "origin", "user", "precursor_ids", "links", "attributes", "resource_arn", "operation", "table_name"],
].map((name) => `"${name}":`);
const seeds = [
  ...apiFixtures.traces.flatMap(({ n }) => fixtureDocuments(n)).slice(0, 12),
  ...hostileDocuments(slowTraceId),
  '{"trace_id":"1-6553f100-000000000000000000000001","id":"00000000000000a1","name":"a","start_time":1,"in_progress":true}',
  '[{"trace_id":"1-6553f100-000000000000000000000001","id":"00000000000000a2","type":"subsegment","parent_id":"00000000000000a1","name":"b","start_time":1,"end_time":2,"annotations":{"n":NaN}}]',
];

/** Segment documents, as they come by HTTP and stand in datagrams; and all that is told of them. */
export const documentsDoor: Door = {
  name: "documents",
  seeds: seedsOf(...seeds),
  values: seeds.slice(0, -1).map((text): unknown => JSON.parse(text)),
  write: asJson,
  words: [...jsonWords, ...members],
  // Each beside one that is sound, of the same trace.
  knock: (bytes) => (everythingOf([bytes, Buffer.from(seeds[0]!)]) > 1 ? "a trace" : "none"),
  answers: ["a trace", "none"],
};

/** Datagrams: their header, and the document behind it. */
export const datagramsDoor: Door = {
  name: "datagrams",
  seeds: [
    ...seeds.slice(0, 3).map((document) => writeDatagram(document)),
    ...seedsOf('{"format":"json","version":1}', '{"Version":1, "FORMAT":"JSON"}\r\n{}', "T1S", "T1S\u0000\u0000"),
  ],
  values: seeds.slice(0, 3).map((text): unknown => JSON.parse(text)),
  write: (value) => writeDatagram(JSON.stringify(value)),
  words: [...jsonWords, '{"format":"json","version":1}\n', '"format"', '"version"', '"json"', "T1S", "\n"],
  knock(bytes) {
    const datagram = readDatagram(bytes);
    if (datagram.kind === "refused") return datagram.code;
    everythingOf([datagram.bytes]);
    return datagram.kind;
  },
  answers: ["document", "BadHeader", "UnsupportedFormat", "MissingBody"],
};
