import { type Attributes, type HrTime, type SpanContext, SpanKind } from "@opentelemetry/api";
import fc from "fast-check";
import { expect, it } from "vitest";
import { spansToDocuments } from "../otel/spans-to-documents.ts";
import type { EndedSpan } from "./ended-span.ts";
import type { Tree } from "./local-trees.ts";
import type { Privacy } from "./privacy.ts";
import { quickDocument } from "./quick-document.ts";
import { toOtelRequest } from "./to-otel-request.ts";
import { toOtelSpan } from "./to-otel-span.ts";

interface Grown {
  readonly ended: readonly EndedSpan[];
  readonly tree: Tree;
}

/** Kinds of attributes that applications and instrumentation give. Every key that may matter to the translator. */
const text = fc.oneof(
  fc.string({ minLength: 1 }),
  fc.constantFrom("", "GET", "/a", "127.0.0.1", "::1", "x?y", "a,b", "ü", "Default"),
);
const scalar = fc.oneof(text, fc.integer(), fc.boolean(), fc.double({ noNaN: true, noDefaultInfinity: true }));
const value = fc.oneof(scalar, fc.double(), fc.array(fc.string(), { maxLength: 2 }));
const anyKey = fc.oneof(
  fc.constantFrom(
    ...["tea", "app.user", "user.id", "user.name", "enduser.id", "session.id", "error.type", "code", "peer.service"],
    ...["db.system.name", "db.query.text", "rpc.service", "rpc.method", "messaging.destination.name", "message.type"],
    ...["aws.xray.annotations", "aws.xray.metadata.debug", "aws.xray.fault", "aws.xray.origin", "aws.local.service"],
    ...["aws.region", "cloud.region", "url.full", "url.path", "http.target", "http.host", "http.status_text", "a b"],
  ),
  fc.string({ minLength: 1 }),
);
const strange: fc.Arbitrary<Attributes> = fc.dictionary(anyKey, value, { maxKeys: 2 });
const own: fc.Arbitrary<Attributes> = fc.dictionary(fc.constantFrom("tea", "app.user", "n"), scalar, { maxKeys: 3 });
const rule = fc.constantFrom<Attributes>({}, { "aws.xray.sampling_rule_name": "Default" });
const often = <T>(usual: fc.Arbitrary<T>, rare: fc.Arbitrary<T>) =>
  fc.oneof({ arbitrary: usual, weight: 30 }, { arbitrary: rare, weight: 1 });
const mixed = (usual: fc.Arbitrary<Attributes>) =>
  fc.tuple(usual, own, often(fc.constant<Attributes>({}), strange)).map((parts) => Object.assign({}, ...parts));

const address = often(fc.constantFrom("127.0.0.1", "10.0.0.1", "shop.example"), fc.constantFrom("::1", ""));
const status = often(fc.constantFrom(200, 204, 304), fc.constantFrom(101, 404, 429, 500, 99.5));
const size = fc.constantFrom<Attributes>({}, { "http.response.body.size": 0 }, { "http.response.body.size": 12 });
const port = fc.constantFrom<Attributes>({}, { "server.port": 80 }, { "server.port": 443 }, { "server.port": 8_080 });
const client = fc
  .tuple(address, port, status, size, often(fc.constantFrom("http://a/b", "https://u:p@a:1/b?c=d#e"), fc.constant("")))
  .map(([host, at, code, length, url]) => ({
    ...{ "http.request.method": "GET", "url.full": url, "server.address": host },
    ...{ ...at, ...length, "http.response.status_code": code },
  }));
const server = fc
  .tuple(
    address,
    address,
    address,
    port,
    status,
    size,
    often(fc.constantFrom("/", "/a%20b", "/a@b"), fc.constant("*")),
    fc.constantFrom("http", "https"),
  )
  .chain(([host, from, peer, at, code, length, path, scheme]) =>
    fc
      .record({ "url.query": text, "user_agent.original": text, "http.route": text }, { requiredKeys: [] })
      .map((more) => ({
        ...{ "http.request.method": "GET", "url.scheme": scheme, "url.path": path, "server.address": host },
        ...{ "client.address": from, "network.peer.address": peer, "http.response.status_code": code },
        ...{ ...at, ...length, ...more },
      })),
  );

const resources = [
  { "service.name": "shop" },
  {
    "service.name": "shop",
    "telemetry.sdk.name": "x",
    "process.runtime.name": "node",
    "deployment.environment": "test",
  },
  { "service.name": "shop", "cloud.provider": "aws", "cloud.platform": "aws_ecs", "container.name": "c" },
  { "service.name": "a,b" },
].map((attributes) => ({ attributes }));

const trace: fc.Arbitrary<Grown> = fc
  .record({
    resource: fc.constantFrom(...resources),
    root: often(fc.constantFrom(SpanKind.SERVER, SpanKind.INTERNAL), fc.constant(SpanKind.CLIENT)),
    remote: often(fc.constantFrom("none", "remote", "madeUp"), fc.constant("local")),
    parents: fc.array(fc.nat(), { maxLength: 5 }),
    late: fc.boolean(),
  })
  .chain(({ resource, root, remote, parents, late }) => {
    const kinds = parents.map(() => fc.constantFrom(SpanKind.INTERNAL, SpanKind.CLIENT));
    return fc.tuple(
      fc.constant({ resource, remote, parents, late }),
      fc.tuple(fc.constant(root), ...kinds).chain(spans),
    );
  })
  .map(([plan, parts]) => grow(plan, parts));

type Part = {
  kind: SpanKind;
  name: string;
  attributes: Attributes;
  code: number;
  nanoseconds: number;
  more: "nothing" | "a link" | "an event" | "an exception";
};

function spans(kinds: readonly SpanKind[]): fc.Arbitrary<Part[]> {
  return fc.tuple(
    ...kinds.map((kind) =>
      fc.record({
        kind: fc.constant(kind),
        name: often(fc.constantFrom("GET", "work", "shop", "GET /a"), fc.string()),
        attributes: fc
          .tuple(mixed(kind === SpanKind.SERVER ? server : kind === SpanKind.CLIENT ? client : fc.constant({})), rule)
          .map(([attributes, ofRule]) => ({ ...attributes, ...ofRule })),
        code: often(fc.constantFrom(0, 1), fc.constant(2)),
        more: often(fc.constant("nothing"), fc.constantFrom("a link", "an event", "an exception")),
        nanoseconds: fc.oneof(
          fc.nat(999_999_999),
          fc.nat(999_999).map((micros) => micros * 1_000),
        ),
      }),
    ),
  );
}

interface Plan {
  readonly resource: EndedSpan["resource"];
  readonly remote: string;
  readonly parents: readonly number[];
  readonly late: boolean;
}

/** Children end before their parents but where one is late. */
function grow({ resource, remote, parents, late }: Plan, parts: readonly Part[]): Grown {
  const context = (number: number): SpanContext => ({
    traceId: "5759e988bd862e3fe1be46a994272793",
    spanId: (number + 1).toString(16).padStart(16, "0"),
    traceFlags: 1,
  });
  const spans = parts.map(({ kind, name, attributes, code, nanoseconds, more }, index): EndedSpan => {
    const above = index === 0 ? undefined : parents[index - 1]! % index;
    const caller = remote === "none" ? undefined : { ...context(98), isRemote: remote !== "local" };
    const startTime: HrTime = [1_795_504_972, nanoseconds];
    return {
      ...{ kind, name, attributes, resource, startTime, endTime: [1_795_504_973, nanoseconds], status: { code } },
      links: more === "a link" ? [{ context: context(99) }] : [],
      events: more.startsWith("an ") ? [{ name: more === "an event" ? "boiled" : "exception", time: startTime }] : [],
      spanContext: () => context(index),
      parentSpanContext: above === undefined ? caller : context(above),
    };
  });
  const [root, ...below] = spans as [EndedSpan, ...EndedSpan[]];
  const flags = { startedMs: 0, isRootEnded: true, isAnnounced: false };
  return {
    ended: [...(late ? below : below.toReversed()), root],
    tree: { root, isParentMadeUp: remote === "madeUp", ...flags },
  };
}

function translated({ ended, tree }: Grown, privacy: Privacy): unknown[] {
  const toOtel = (span: EndedSpan) =>
    toOtelSpan(span, { privacy, isParentMadeUp: span === tree.root && tree.isParentMadeUp });
  return spansToDocuments(toOtelRequest(ended, toOtel)).documents.map(({ text }) => JSON.parse(text));
}

it("what is written quickly is what the translator makes", () => {
  let quick = 0;
  fc.assert(
    fc.property(trace, fc.boolean(), fc.boolean(), (grown, captureQuery, captureSql) => {
      const privacy = { captureQuery, captureSql };
      const text = quickDocument(grown.ended, grown.tree, privacy);
      if (text === undefined) return;
      quick += 1;
      expect([JSON.parse(text)]).toEqual(translated(grown, privacy));
    }),
    { numRuns: 3_000 },
  );
  expect(quick).toBeGreaterThan(300);
});
