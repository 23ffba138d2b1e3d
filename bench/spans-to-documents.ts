/**
 * What making segment documents of OpenTelemetry's spans costs: `npx tsx bench/spans-to-documents.ts`.
 * Requests of 512 spans, as an exporter sends them: traces of four (a server, its handler, a call, a query), 14 attributes
 * each, one in sixteen with an exception. CPU time with garbage collection, the median and the best of 25 rounds.
 */

import { decodeJson } from "../src/otel/decode-json.ts";
import { spansToDocuments } from "../src/otel/spans-to-documents.ts";
import { parseSegment } from "../src/trace/parse-segment.ts";
import { aBatch } from "../test/fixtures/otlp-requests.ts";

const spans = 512;
const requests = Array.from({ length: 20 }, (_, at) => {
  const decoded = decodeJson(Buffer.from(JSON.stringify(aBatch(spans, at * spans))));
  if (decoded.kind !== "request") throw new Error(decoded.reason);
  return decoded.request;
});
const texts = requests.flatMap((request) => spansToDocuments(request).documents.map(({ text }) => text));
const alone = requests.map((request) =>
  request.flatMap((group) => group.spans.map((span) => [{ ...group, spans: [span] }])),
);

const documents = texts.length / requests.length;
const bytes = texts.reduce((sum, text) => sum + Buffer.byteLength(text), 0) / (requests.length * spans);
console.log(`${spans} spans a request, ${documents} documents of it, ${bytes.toFixed(0)} bytes of them a span\n`);

measure("spans to documents", () => {
  for (const request of requests) spansToDocuments(request);
});
measure("the same, each span alone in its request", () => {
  for (const request of alone) for (const span of request) spansToDocuments(span);
});
measure("documents to segments, as the store reads them", () => {
  for (const text of texts) parseSegment(text);
});

function measure(name: string, work: () => void): void {
  const times = Array.from({ length: 30 }, () => {
    const start = process.cpuUsage();
    work();
    const { user, system } = process.cpuUsage(start);
    return (user + system) / (requests.length * spans);
  })
    .slice(5)
    .sort((a, b) => a - b);
  const [median, best] = [times[12]!, times[0]!].map((time) => time.toFixed(2).padStart(6));
  console.log(`${name.padEnd(48)} ${median} µs of CPU a span, at best ${best}`);
}
