import fc from "fast-check";
import { expect, it } from "vitest";
import type { DigestCall, DigestLink, DigestSegment, RootCause, TraceDigest } from "../../trace/digest.ts";
import type { Http } from "../../trace/segment.ts";
import type { NodeId } from "../../trace/trace.ts";
import { Dictionary } from "./dictionary.ts";
import { DigestView } from "./digest-view.ts";
import { DigestEncoder } from "./encode-digest.ts";
import { plainDigest } from "./plain-digest.ts";

/** Few different texts, so that some are met again and numbered, and long or non-ASCII ones that are not. */
const text = fc.oneof(
  fc.constantFrom("orders", "GET", "http://shop.example/orders", "tenant", "größe", ""),
  fc.string({ maxLength: 200 }),
);
const maybe = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined });
const seconds = fc.oneof(
  fc.double({ min: 1.6e9, max: 1.9e9, noNaN: true }),
  fc.integer({ min: 0, max: 2 ** 40 }),
  fc.double({ noNaN: true, noDefaultInfinity: true, min: 0 }),
);
const defined = <T extends object>(value: T): T =>
  Object.fromEntries(Object.entries(value).filter(([, member]) => member !== undefined)) as T;

const node = fc.record({ name: text, type: maybe(text), accountId: maybe(text) }).map(defined) as fc.Arbitrary<NodeId>;
const http = fc
  .record({
    method: maybe(text),
    url: maybe(text),
    userAgent: maybe(text),
    clientIp: maybe(text),
    xForwardedFor: maybe(fc.boolean()),
    status: maybe(fc.oneof(fc.integer(), fc.double({ noNaN: true }))),
    contentLength: maybe(fc.nat()),
  })
  .map(defined) as fc.Arbitrary<Http>;
const annotation = fc.tuple(
  text,
  fc.oneof(text, fc.boolean(), fc.double({ noNaN: true }), fc.integer(), fc.constant(-0)),
);
const segment = fc
  .record({
    node: fc.nat(300),
    startSeconds: seconds,
    endSeconds: maybe(seconds),
    inProgress: fc.boolean(),
    inferred: fc.boolean(),
    isRoot: fc.boolean(),
    awaitsCaller: fc.boolean(),
    fault: fc.boolean(),
    error: fc.boolean(),
    throttle: fc.boolean(),
    throttled: fc.boolean(),
    http: maybe(http),
    user: maybe(text),
    resourceArns: maybe(fc.array(text)),
    instanceId: maybe(text),
    availabilityZone: maybe(text),
    annotations: fc.array(annotation),
  })
  .map(defined) as fc.Arbitrary<DigestSegment>;
const call = fc
  .record({
    from: fc.nat(300),
    to: fc.nat(300),
    alias: maybe(text),
    startSeconds: seconds,
    endSeconds: maybe(seconds),
    inProgress: fc.boolean(),
    fault: fc.boolean(),
    error: fc.boolean(),
    throttled: fc.boolean(),
    http: maybe(http),
  })
  .map(defined) as fc.Arbitrary<DigestCall>;
const link = fc
  .record({ from: fc.nat(300), to: fc.nat(300), ageSeconds: maybe(fc.double({ noNaN: true, min: 0 })) })
  .map(defined) as fc.Arbitrary<DigestLink>;
const entity = fc
  .record({
    name: text,
    remote: fc.boolean(),
    coverage: maybe(fc.double({ noNaN: true })),
    exceptions: fc.array(fc.record({ name: text, message: text }), { maxLength: 2 }),
  })
  .map(defined);
const causes = fc.array(
  fc.record({
    clientImpacting: fc.boolean(),
    services: fc.array(fc.record({ node, inferred: fc.boolean(), entities: fc.array(entity, { maxLength: 2 }) }), {
      maxLength: 2,
    }),
  }),
  { maxLength: 2 },
) as fc.Arbitrary<RootCause[]>;
const digest = fc
  .record({
    id: fc.constantFrom("1-6553f100-000000000000000000000001", "1-ffffffff-0123456789abcdef01234567"),
    revision: fc.integer({ min: 1, max: 2 ** 40 }),
    startSeconds: seconds,
    endSeconds: seconds,
    idSeconds: fc.oneof(seconds, fc.constantFrom(0x6553f100, 0xffffffff)),
    isPartial: fc.boolean(),
    nodes: fc.array(node, { maxLength: 4 }),
    segments: fc.array(segment, { maxLength: 4 }),
    calls: fc.array(call, { maxLength: 4 }),
    links: maybe(fc.array(link, { minLength: 1, maxLength: 3 })),
    entry: maybe(fc.nat(300)),
    faultCauses: causes,
    errorCauses: causes,
    responseTimeCauses: causes,
  })
  .map((one) => structuredClone(defined(one))) as fc.Arbitrary<TraceDigest>;

it("a digest comes back from its bytes as it went in, to the last bit of every number", () => {
  fc.assert(
    fc.property(fc.array(digest, { minLength: 1, maxLength: 3 }), (digests) => {
      const dictionary = new Dictionary();
      const encoder = new DigestEncoder(dictionary);
      const rows = digests.map((one) => encoder.encode(one));
      digests.forEach((one, at) => {
        const view = new DigestView(rows[at]!, dictionary);
        expect(plainDigest(view)).toStrictEqual(one);
      });
    }),
  );
});

it("sections are read in any order, and only when asked", () => {
  fc.assert(
    fc.property(digest, (one) => {
      const dictionary = new Dictionary();
      const view = new DigestView(new DigestEncoder(dictionary).encode(one), dictionary);
      expect(view.links).toStrictEqual(one.links);
      expect(view.errorCauses).toStrictEqual(one.errorCauses);
      expect(view.calls.map((each) => each.http)).toStrictEqual(one.calls.map((each) => each.http));
      expect(view.segments.map((each) => each.annotations)).toStrictEqual(one.segments.map((each) => each.annotations));
      expect(view.segments.map((each) => each.user)).toStrictEqual(one.segments.map((each) => each.user));
    }),
  );
});
