import type {
  DigestCall,
  DigestLink,
  DigestSegment,
  RootCause,
  RootCauseEntity,
  RootCauseService,
  TraceDigest,
} from "../../trace/digest.ts";
import type { AnnotationValue, Http } from "../../trace/segment.ts";
import type { NodeId } from "../../trace/trace.ts";
import { ByteReader } from "./byte-reader.ts";
import type { Lookup } from "./dictionary.ts";
import {
  attributeFlag,
  callFlag,
  causeFlag,
  digestFlag,
  httpFlag,
  segmentFlag,
  ticksPerSecond,
  valueKind,
} from "./digest-format.ts";
import { keyLength, keySeconds, traceIdOf } from "./trace-key.ts";

type Annotations = DigestSegment["annotations"];
type Causes = readonly [fault: readonly RootCause[], error: readonly RootCause[], responseTime: readonly RootCause[]];

/**
 * A stored digest, decoded as far as it is asked: scanning a million of them costs what the question needs.
 * Its getters do not survive a message to another thread; `plainDigest` does.
 */
export class DigestView implements TraceDigest {
  readonly idSeconds: number;
  readonly startSeconds: number;
  readonly endSeconds: number;
  readonly revision: number;
  readonly isPartial: boolean;
  readonly entry?: number;
  readonly weight?: number;
  readonly nodes: readonly NodeId[];
  readonly segments: readonly SegmentView[];
  readonly calls: readonly CallView[];
  readonly #reader: ByteReader;
  readonly #lookup: Lookup;
  readonly #sections: number;
  readonly #hasLinks: boolean;
  #attributes: readonly Attributes[] | undefined;
  #annotations: readonly Annotations[] | undefined;
  #callHttp: readonly (Http | undefined)[] | undefined;
  #causes: Causes | undefined;
  #links: readonly DigestLink[] | undefined;

  constructor(bytes: Uint8Array, lookup: Lookup) {
    const reader = new ByteReader(bytes);
    this.#reader = reader;
    this.#lookup = lookup;
    const flags = reader.byte();
    const inTicks = (flags & digestFlag.inTicks) !== 0;
    reader.at += keyLength;
    const origin = reader.double();
    this.startSeconds = origin;
    this.idSeconds = flags & digestFlag.hasOwnTime ? reader.double() : keySeconds(reader.range(1, 1 + keyLength));
    this.endSeconds = readTime(reader, origin, inTicks);
    this.isPartial = (flags & digestFlag.isPartial) !== 0;
    this.#hasLinks = (flags & digestFlag.hasLinks) !== 0;
    this.revision = reader.unsigned();
    if (flags & digestFlag.hasEntry) this.entry = reader.unsigned();
    if (flags & digestFlag.hasWeight) this.weight = reader.unsigned();
    this.nodes = list(reader, () => readNode(reader, lookup));
    this.segments = list(reader, (at) => new SegmentView(this, at, reader, inTicks));
    this.calls = list(reader, (at) => new CallView(this, at, reader, inTicks, lookup));
    this.#sections = reader.at;
  }

  get id(): string {
    return traceIdOf(this.#reader.range(1, 1 + keyLength));
  }

  declare readonly links?: readonly DigestLink[];

  static {
    onDemand(DigestView.prototype, "links", (view) => view.#allLinks());
  }

  get faultCauses(): readonly RootCause[] {
    return this.#allCauses()[0];
  }

  get errorCauses(): readonly RootCause[] {
    return this.#allCauses()[1];
  }

  get responseTimeCauses(): readonly RootCause[] {
    return this.#allCauses()[2];
  }

  attributes(segment: number): Attributes {
    if (this.#attributes === undefined) {
      const reader = this.#section(0);
      this.#attributes = this.segments.map(() => readAttributes(reader, this.#lookup));
    }
    return this.#attributes[segment]!;
  }

  annotations(segment: number): Annotations {
    if (this.#annotations === undefined) {
      const reader = this.#section(1);
      this.#annotations = this.segments.map(() => list(reader, () => readAnnotation(reader, this.#lookup)));
    }
    return this.#annotations[segment]!;
  }

  callHttp(call: number): Http | undefined {
    if (this.#callHttp === undefined) {
      const reader = this.#section(2);
      this.#callHttp = this.calls.map(() => (reader.byte() === 1 ? readHttp(reader, this.#lookup) : undefined));
    }
    return this.#callHttp[call];
  }

  #allLinks(): readonly DigestLink[] | undefined {
    if (this.#hasLinks && this.#links === undefined) {
      const reader = this.#section(4);
      this.#links = list(reader, () => readLink(reader));
    }
    return this.#links;
  }

  #allCauses(): Causes {
    if (this.#causes === undefined) {
      const isEmpty = this.#seek(3) === 0;
      const family = () => list(this.#reader, () => readCause(this.#reader, this.#lookup));
      this.#causes = isEmpty ? [[], [], []] : [family(), family(), family()];
    }
    return this.#causes;
  }

  #section(wanted: number): ByteReader {
    this.#seek(wanted);
    return this.#reader;
  }

  /** Goes to where a section begins; answers its length. */
  #seek(wanted: number): number {
    const reader = this.#reader;
    reader.at = this.#sections;
    for (let passed = 0; passed < wanted; passed++) {
      const length = reader.unsigned();
      reader.at += length;
    }
    return reader.unsigned();
  }
}

class SegmentView implements DigestSegment {
  readonly node: number;
  readonly startSeconds: number;
  readonly endSeconds?: number;
  readonly inProgress: boolean;
  readonly inferred: boolean;
  readonly isRoot: boolean;
  readonly awaitsCaller: boolean;
  readonly fault: boolean;
  readonly error: boolean;
  readonly throttle: boolean;
  readonly throttled: boolean;
  readonly #trace: DigestView;
  readonly #at: number;

  constructor(trace: DigestView, at: number, reader: ByteReader, inTicks: boolean) {
    this.#trace = trace;
    this.#at = at;
    const flags = reader.byte();
    this.inProgress = (flags & segmentFlag.inProgress) !== 0;
    this.inferred = (flags & segmentFlag.inferred) !== 0;
    this.isRoot = (flags & segmentFlag.isRoot) !== 0;
    this.fault = (flags & segmentFlag.fault) !== 0;
    this.error = (flags & segmentFlag.error) !== 0;
    this.throttle = (flags & segmentFlag.throttle) !== 0;
    this.throttled = (flags & segmentFlag.throttled) !== 0;
    const place = reader.unsigned();
    this.node = place >>> 1;
    this.awaitsCaller = (place & 1) === 1;
    this.startSeconds = readTime(reader, trace.startSeconds, inTicks);
    if (flags & segmentFlag.hasEnd) this.endSeconds = readTime(reader, this.startSeconds, inTicks);
  }

  /** Read from the attributes and annotations when first asked for. */
  declare readonly http?: Http;
  declare readonly user?: string;
  declare readonly resourceArns?: readonly string[];
  declare readonly instanceId?: string;
  declare readonly availabilityZone?: string;
  declare readonly annotations: Annotations;

  static {
    for (const name of ["http", "user", "resourceArns", "instanceId", "availabilityZone"] as const) {
      onDemand(SegmentView.prototype, name, (segment) => segment.#trace.attributes(segment.#at)[name]);
    }
    onDemand(SegmentView.prototype, "annotations", (segment) => segment.#trace.annotations(segment.#at));
  }
}

class CallView implements DigestCall {
  readonly from: number;
  readonly to: number;
  readonly alias?: string;
  readonly startSeconds: number;
  readonly endSeconds?: number;
  readonly inProgress: boolean;
  readonly fault: boolean;
  readonly error: boolean;
  readonly throttled: boolean;
  readonly #trace: DigestView;
  readonly #at: number;

  constructor(trace: DigestView, at: number, reader: ByteReader, inTicks: boolean, lookup: Lookup) {
    this.#trace = trace;
    this.#at = at;
    const flags = reader.byte();
    this.inProgress = (flags & callFlag.inProgress) !== 0;
    this.fault = (flags & callFlag.fault) !== 0;
    this.error = (flags & callFlag.error) !== 0;
    this.throttled = (flags & callFlag.throttled) !== 0;
    this.from = reader.unsigned();
    this.to = reader.unsigned();
    this.startSeconds = readTime(reader, trace.startSeconds, inTicks);
    if (flags & callFlag.hasEnd) this.endSeconds = readTime(reader, this.startSeconds, inTicks);
    if (flags & callFlag.hasAlias) this.alias = readText(reader, lookup);
  }

  declare readonly http?: Http;

  static {
    onDemand(CallView.prototype, "http", (call) => call.#trace.callHttp(call.#at));
  }
}

function onDemand<T, K extends keyof T>(prototype: T, name: K, read: (self: T) => T[K] | undefined): void {
  Object.defineProperty(prototype, name, {
    get(this: T) {
      return read(this);
    },
  });
}

function list<T>(reader: ByteReader, read: (at: number) => T): T[] {
  const length = reader.unsigned();
  const items: T[] = [];
  for (let at = 0; at < length; at++) items.push(read(at));
  return items;
}

const readTime = (reader: ByteReader, origin: number, inTicks: boolean): number =>
  inTicks ? origin + reader.signed() / ticksPerSecond : reader.double();

function readText(reader: ByteReader, lookup: Lookup): string {
  const number = reader.unsigned();
  return number === 0 ? reader.text() : lookup.text(number);
}

function readNode(reader: ByteReader, lookup: Lookup): NodeId {
  const number = reader.unsigned();
  if (number > 0) return lookup.node(number);
  const name = reader.text();
  const has = reader.byte();
  return { name, ...(has & 1 ? { type: reader.text() } : {}), ...(has & 2 ? { accountId: reader.text() } : {}) };
}

interface Attributes {
  http?: Http;
  user?: string;
  resourceArns?: readonly string[];
  instanceId?: string;
  availabilityZone?: string;
}

function readAttributes(reader: ByteReader, lookup: Lookup): Attributes {
  const has = reader.byte();
  const attributes: Attributes = {};
  if (has & attributeFlag.http) attributes.http = readHttp(reader, lookup);
  if (has & attributeFlag.user) attributes.user = readText(reader, lookup);
  if (has & attributeFlag.resourceArns) attributes.resourceArns = list(reader, () => readText(reader, lookup));
  if (has & attributeFlag.instanceId) attributes.instanceId = readText(reader, lookup);
  if (has & attributeFlag.availabilityZone) attributes.availabilityZone = readText(reader, lookup);
  return attributes;
}

function readHttp(reader: ByteReader, lookup: Lookup): Http {
  const has = reader.byte();
  const http: { -readonly [K in keyof Http]: Http[K] } = {};
  if (has & httpFlag.method) http.method = readText(reader, lookup);
  if (has & httpFlag.url) http.url = readText(reader, lookup);
  if (has & httpFlag.userAgent) http.userAgent = readText(reader, lookup);
  if (has & httpFlag.clientIp) http.clientIp = readText(reader, lookup);
  if (has & httpFlag.status) http.status = readNumber(reader);
  if (has & httpFlag.contentLength) http.contentLength = readNumber(reader);
  if (has & httpFlag.hasForwardedFor) http.xForwardedFor = (has & httpFlag.forwardedFor) !== 0;
  return http;
}

const readNumber = (reader: ByteReader): number =>
  reader.byte() === valueKind.whole ? reader.signed() : reader.double();

function readAnnotation(reader: ByteReader, lookup: Lookup): readonly [string, AnnotationValue] {
  const key = readText(reader, lookup);
  const kind = reader.byte();
  switch (kind) {
    case valueKind.text:
      return [key, readText(reader, lookup)];
    case valueKind.double:
      return [key, reader.double()];
    case valueKind.whole:
      return [key, reader.signed()];
    default:
      return [key, kind === valueKind.yes];
  }
}

function readLink(reader: ByteReader): DigestLink {
  const place = reader.unsigned();
  const link = { from: place >>> 1, to: reader.unsigned() };
  return place & 1 ? { ...link, ageSeconds: reader.double() } : link;
}

function readCause(reader: ByteReader, lookup: Lookup): RootCause {
  const clientImpacting = (reader.byte() & causeFlag.clientImpacting) !== 0;
  return { clientImpacting, services: list(reader, () => readCauseService(reader, lookup)) };
}

function readCauseService(reader: ByteReader, lookup: Lookup): RootCauseService {
  const node = readNode(reader, lookup);
  const inferred = (reader.byte() & causeFlag.inferred) !== 0;
  return { node, inferred, entities: list(reader, () => readCauseEntity(reader, lookup)) };
}

function readCauseEntity(reader: ByteReader, lookup: Lookup): RootCauseEntity {
  const name = readText(reader, lookup);
  const has = reader.byte();
  const coverage = has & causeFlag.hasCoverage ? { coverage: reader.double() } : {};
  const exceptions = list(reader, () => ({ name: readText(reader, lookup), message: readText(reader, lookup) }));
  return { name, remote: (has & causeFlag.remote) !== 0, ...coverage, exceptions };
}
