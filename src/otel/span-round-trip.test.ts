import fc from "fast-check";
import { expect, it } from "vitest";
import { parsed } from "../../test/fixtures/builders.ts";
import { aSpanRequest, type Plain, type PlainSpan } from "../../test/fixtures/span-builders.ts";
import { segmentsToSpans } from "./segment-to-spans.ts";
import type { Span } from "./span.ts";
import { spansToDocuments } from "./spans-to-documents.ts";

const word = fc.stringMatching(/^[a-z][a-z0-9]{0,8}$/);
const host = word.map((name) => `${name}.example.com`);
const port = fc.integer({ min: 1024, max: 65_535 });
const method = fc.constantFrom("GET", "POST", "DELETE");
const status = fc.constantFrom(200, 302, 404, 429, 503);
const text = fc.string({ minLength: 1, unit: "grapheme" });

/** What the tables of docs/reference/opentelemetry.md promise: these attributes of these spans come back. */
const http = (kind: "server" | "client"): fc.Arbitrary<PlainSpan> =>
  fc.record({ host, port, method, status, path: word, agent: text }).map((one) => ({
    kind,
    attributes: {
      "http.request.method": one.method,
      "url.full": `http://${one.host}:${one.port}/${one.path}`,
      "server.address": one.host,
      "server.port": one.port,
      "http.response.status_code": one.status,
      "user_agent.original": one.agent,
      ...(kind === "server" && { "url.scheme": "http", "url.path": `/${one.path}`, "client.address": "203.0.113.9" }),
    },
  }));
const database: fc.Arbitrary<PlainSpan> = fc
  .record({ host, port, name: word, query: text, system: fc.constantFrom("postgresql", "mysql", "oracle.db") })
  .map((one) => ({
    kind: "client",
    attributes: {
      "db.system.name": one.system,
      "db.namespace": one.name,
      "server.address": one.host,
      "server.port": one.port,
      "db.query.text": one.query,
    },
  }));
const awsCall: fc.Arbitrary<PlainSpan> = fc
  .record({ operation: word, tables: fc.array(word, { minLength: 1, maxLength: 3 }), request: text })
  .map((one) => ({
    kind: "client",
    attributes: {
      "rpc.system": "aws-api",
      "rpc.service": "DynamoDB",
      "rpc.method": one.operation,
      "cloud.region": "eu-west-1",
      "aws.request_id": one.request,
      "aws.dynamodb.table_names": one.tables,
    },
  }));
const own: fc.Arbitrary<PlainSpan> = fc
  .dictionary(
    word.map((key) => `app.${key}`),
    fc.oneof(text, fc.integer(), fc.boolean()),
    { minKeys: 1 },
  )
  .map((attributes) => ({ kind: "internal", attributes: { ...attributes, "enduser.id": "u-17" } }));

const aSpan = fc.oneof(http("server"), http("client"), database, awsCall, own);
const span = fc
  .tuple(aSpan, fc.nat(1000), fc.nat(1000), fc.option(fc.tuple(word, text)))
  .map(([members, start, length, thrown]): PlainSpan => {
    const attributes = thrown && { "exception.type": thrown[0], "exception.message": thrown[1] };
    return {
      ...members,
      start,
      end: start + length,
      ...(attributes && { events: [{ name: "exception", attributes }], status: { code: 2 as const } }),
    };
  });

function thereAndBack(spans: readonly PlainSpan[]): readonly [Span[], Span[]] {
  const request = aSpanRequest([{ resource: { "service.name": "shop", "service.version": "1" }, spans }]);
  const { documents } = spansToDocuments(request);
  const back = segmentsToSpans(parsed(...documents.map(({ text }) => text)));
  return [request.flatMap((group) => [...group.spans]), back.flatMap((group) => [...group.spans])];
}

it("what the tables promise of a span comes back from its document", () => {
  fc.assert(
    fc.property(fc.array(span, { maxLength: 4 }), (members) => {
      const root = { id: "00000000000000b1", kind: "server" } as const;
      const below = members.map((one, at) => {
        const isParentRemote = one.kind === "server";
        return { ...one, id: `00000000000000a${at}`, parent: root.id, isParentRemote };
      });
      const [sent, back] = thereAndBack([root, ...below]);
      expect(back).toHaveLength(sent.length);
      for (const one of sent) {
        const found = back.find(({ spanId }) => spanId === one.spanId)!;
        const { traceId, parentSpanId, kind, startTimeUnixNano, endTimeUnixNano } = one;
        expect(found).toMatchObject({ traceId, parentSpanId, kind, startTimeUnixNano, endTimeUnixNano });
        expect(plain(found.attributes)).toMatchObject(plain(one.attributes));
        expect(found.events.map((event) => plain(event.attributes))).toMatchObject(
          one.events.map((event) => plain(event.attributes)),
        );
      }
    }),
  );
});

const plain = (attributes: Span["attributes"]): Plain => Object.fromEntries(attributes);
