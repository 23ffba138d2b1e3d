import type { DigestCall, DigestLink, DigestSegment, RootCause, TraceDigest } from "../../trace/digest.ts";
import type { AnnotationValue, Http } from "../../trace/segment.ts";
import type { NodeId } from "../../trace/trace.ts";
import { traceIdSeconds } from "../../xray/trace-id.ts";
import { ByteWriter } from "./byte-writer.ts";
import type { Numbering } from "./dictionary.ts";
import {
  attributeFlag,
  callFlag,
  causeFlag,
  digestFlag,
  httpFlag,
  isWholeTicks,
  segmentFlag,
  ticksPerSecond,
  valueKind,
} from "./digest-format.ts";
import { traceKey } from "./trace-key.ts";

/** Writes digests as `DigestView` reads them; one per part, since the numbering is the part's. */
export class DigestEncoder {
  readonly #numbering: Numbering;
  readonly #main = new ByteWriter();
  readonly #section = new ByteWriter();
  /** Of the digest encoded last: so many of its bytes are all that a graph is folded from. */
  figuresLength = 0;

  constructor(numbering: Numbering) {
    this.#numbering = numbering;
  }

  encode(digest: TraceDigest): Uint8Array {
    const out = this.#main;
    const inTicks = hasWholeTicks(digest);
    const hasOwnTime = digest.idSeconds !== traceIdSeconds(digest.id);
    const origin = digest.startSeconds;
    out.byte(
      (digest.isPartial ? digestFlag.isPartial : 0) |
        (digest.entry === undefined ? 0 : digestFlag.hasEntry) |
        (inTicks ? digestFlag.inTicks : 0) |
        (hasOwnTime ? digestFlag.hasOwnTime : 0) |
        (digest.links === undefined ? 0 : digestFlag.hasLinks) |
        (digest.weight === undefined ? 0 : digestFlag.hasWeight),
    );
    out.raw(traceKey(digest.id));
    out.double(origin);
    if (hasOwnTime) out.double(digest.idSeconds);
    writeTime(out, digest.endSeconds, origin, inTicks);
    out.unsigned(digest.revision);
    if (digest.entry !== undefined) out.unsigned(digest.entry);
    if (digest.weight !== undefined) out.unsigned(digest.weight);
    out.unsigned(digest.nodes.length);
    for (const node of digest.nodes) this.#node(out, node);
    out.unsigned(digest.segments.length);
    for (const segment of digest.segments) writeSegment(out, segment, origin, inTicks);
    out.unsigned(digest.calls.length);
    for (const call of digest.calls) this.#call(out, call, origin, inTicks);
    this.figuresLength = out.length;
    this.#attributes(digest.segments);
    this.#annotations(digest.segments);
    this.#callHttp(digest.calls);
    this.#causes([digest.faultCauses, digest.errorCauses, digest.responseTimeCauses]);
    if (digest.links !== undefined) {
      this.#links(digest.links);
      this.figuresLength = out.length;
    }
    return out.take();
  }

  #call(out: ByteWriter, call: DigestCall, origin: number, inTicks: boolean): void {
    out.byte(
      (call.inProgress ? callFlag.inProgress : 0) |
        (call.fault ? callFlag.fault : 0) |
        (call.error ? callFlag.error : 0) |
        (call.throttled ? callFlag.throttled : 0) |
        (call.endSeconds === undefined ? 0 : callFlag.hasEnd) |
        (call.alias === undefined ? 0 : callFlag.hasAlias),
    );
    out.unsigned(call.from);
    out.unsigned(call.to);
    writeTimes(out, call, origin, inTicks);
    if (call.alias !== undefined) this.#text(out, call.alias);
  }

  #attributes(segments: readonly DigestSegment[]): void {
    const out = this.#section;
    for (const { http, user, resourceArns, instanceId, availabilityZone } of segments) {
      out.byte(
        (http === undefined ? 0 : attributeFlag.http) |
          (user === undefined ? 0 : attributeFlag.user) |
          (resourceArns === undefined ? 0 : attributeFlag.resourceArns) |
          (instanceId === undefined ? 0 : attributeFlag.instanceId) |
          (availabilityZone === undefined ? 0 : attributeFlag.availabilityZone),
      );
      if (http !== undefined) this.#http(out, http);
      if (user !== undefined) this.#text(out, user);
      if (resourceArns !== undefined) {
        out.unsigned(resourceArns.length);
        for (const arn of resourceArns) this.#text(out, arn);
      }
      if (instanceId !== undefined) this.#text(out, instanceId);
      if (availabilityZone !== undefined) this.#text(out, availabilityZone);
    }
    this.#endSection();
  }

  #annotations(segments: readonly DigestSegment[]): void {
    const out = this.#section;
    for (const { annotations } of segments) {
      out.unsigned(annotations.length);
      for (const [key, value] of annotations) {
        this.#text(out, key);
        this.#value(out, value);
      }
    }
    this.#endSection();
  }

  #callHttp(calls: readonly DigestCall[]): void {
    for (const { http } of calls) {
      this.#section.byte(http === undefined ? 0 : 1);
      if (http !== undefined) this.#http(this.#section, http);
    }
    this.#endSection();
  }

  #causes(families: readonly (readonly RootCause[])[]): void {
    const out = this.#section;
    if (families.some((causes) => causes.length > 0)) {
      for (const causes of families) {
        out.unsigned(causes.length);
        for (const cause of causes) this.#cause(out, cause);
      }
    }
    this.#endSection();
  }

  #links(links: readonly DigestLink[]): void {
    const out = this.#section;
    out.unsigned(links.length);
    for (const { from, to, ageSeconds } of links) {
      out.unsigned(from * 2 + (ageSeconds === undefined ? 0 : 1));
      out.unsigned(to);
      if (ageSeconds !== undefined) out.double(ageSeconds);
    }
    this.#endSection();
  }

  #cause(out: ByteWriter, { clientImpacting, services }: RootCause): void {
    out.byte(clientImpacting ? causeFlag.clientImpacting : 0);
    out.unsigned(services.length);
    for (const { node, inferred, entities } of services) {
      this.#node(out, node);
      out.byte(inferred ? causeFlag.inferred : 0);
      out.unsigned(entities.length);
      for (const { name, remote, coverage, exceptions } of entities) {
        this.#text(out, name);
        out.byte((remote ? causeFlag.remote : 0) | (coverage === undefined ? 0 : causeFlag.hasCoverage));
        if (coverage !== undefined) out.double(coverage);
        out.unsigned(exceptions.length);
        for (const exception of exceptions) {
          this.#text(out, exception.name);
          this.#text(out, exception.message);
        }
      }
    }
  }

  #http(out: ByteWriter, http: Http): void {
    const { method, url, userAgent, clientIp, status, contentLength, xForwardedFor } = http;
    out.byte(
      (method === undefined ? 0 : httpFlag.method) |
        (url === undefined ? 0 : httpFlag.url) |
        (userAgent === undefined ? 0 : httpFlag.userAgent) |
        (clientIp === undefined ? 0 : httpFlag.clientIp) |
        (status === undefined ? 0 : httpFlag.status) |
        (contentLength === undefined ? 0 : httpFlag.contentLength) |
        (xForwardedFor === undefined ? 0 : httpFlag.hasForwardedFor) |
        (xForwardedFor === true ? httpFlag.forwardedFor : 0),
    );
    if (method !== undefined) this.#text(out, method);
    if (url !== undefined) this.#text(out, url);
    if (userAgent !== undefined) this.#text(out, userAgent);
    if (clientIp !== undefined) this.#text(out, clientIp);
    if (status !== undefined) this.#value(out, status);
    if (contentLength !== undefined) this.#value(out, contentLength);
  }

  #value(out: ByteWriter, value: AnnotationValue): void {
    if (typeof value === "string") {
      out.byte(valueKind.text);
      this.#text(out, value);
    } else if (typeof value === "boolean") {
      out.byte(value ? valueKind.yes : valueKind.no);
    } else if (Number.isSafeInteger(value) && Math.abs(value) < 2 ** 52 && !Object.is(value, -0)) {
      out.byte(valueKind.whole);
      out.signed(value);
    } else {
      out.byte(valueKind.double);
      out.double(value);
    }
  }

  #text(out: ByteWriter, text: string): void {
    const number = this.#numbering.numberOfText(text);
    out.unsigned(number);
    if (number === 0) out.text(text);
  }

  #node(out: ByteWriter, node: NodeId): void {
    const number = this.#numbering.numberOfNode(node);
    out.unsigned(number);
    if (number > 0) return;
    out.text(node.name);
    out.byte((node.type === undefined ? 0 : 1) | (node.accountId === undefined ? 0 : 2));
    if (node.type !== undefined) out.text(node.type);
    if (node.accountId !== undefined) out.text(node.accountId);
  }

  #endSection(): void {
    const bytes = this.#section.take();
    this.#main.unsigned(bytes.length);
    this.#main.raw(bytes);
  }
}

interface Timed {
  readonly startSeconds: number;
  readonly endSeconds?: number;
}

function writeSegment(out: ByteWriter, segment: DigestSegment, origin: number, inTicks: boolean): void {
  out.byte(
    (segment.inProgress ? segmentFlag.inProgress : 0) |
      (segment.inferred ? segmentFlag.inferred : 0) |
      (segment.isRoot ? segmentFlag.isRoot : 0) |
      (segment.fault ? segmentFlag.fault : 0) |
      (segment.error ? segmentFlag.error : 0) |
      (segment.throttle ? segmentFlag.throttle : 0) |
      (segment.throttled ? segmentFlag.throttled : 0) |
      (segment.endSeconds === undefined ? 0 : segmentFlag.hasEnd),
  );
  out.unsigned(segment.node * 2 + (segment.awaitsCaller ? 1 : 0));
  writeTimes(out, segment, origin, inTicks);
}

function writeTimes(out: ByteWriter, { startSeconds, endSeconds }: Timed, origin: number, inTicks: boolean): void {
  writeTime(out, startSeconds, origin, inTicks);
  if (endSeconds !== undefined) writeTime(out, endSeconds, startSeconds, inTicks);
}

function writeTime(out: ByteWriter, seconds: number, origin: number, inTicks: boolean): void {
  if (inTicks) out.signed((seconds - origin) * ticksPerSecond);
  else out.double(seconds);
}

function hasWholeTicks(digest: TraceDigest): boolean {
  const fits = ({ startSeconds, endSeconds }: Timed) =>
    isWholeTicks(startSeconds) && (endSeconds === undefined || isWholeTicks(endSeconds));
  return fits(digest) && digest.segments.every(fits) && digest.calls.every(fits);
}
