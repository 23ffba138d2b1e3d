import { performance } from "node:perf_hooks";
import type { Random } from "../xray/random.ts";
import { newSegmentId } from "../xray/segment-id.ts";
import { newTraceId } from "../xray/trace-id.ts";
import { recordException } from "./record-exception.ts";
import type { CauseDocument, HttpDocument, SegmentDocument } from "./segment-document.ts";

export interface SegmentOptions {
  readonly name: string;
  /** A new trace when absent. */
  readonly traceId?: string;
  /** The caller's subsegment. */
  readonly parentId?: string;
  /** Chosen by someone else: AWS Lambda's own segment, which is never sent by us. */
  readonly id?: string;
  readonly origin?: string;
  readonly user?: string;
  readonly http?: HttpDocument;
  readonly aws?: Readonly<Record<string, unknown>>;
  /** Epoch milliseconds, fractions welcome. */
  readonly now?: () => number;
  readonly random?: Random;
}

export interface SubsegmentOptions {
  /** `remote` and `aws` denote a call to another service. */
  readonly namespace?: "aws" | "remote";
  readonly http?: HttpDocument;
  readonly sql?: Readonly<Record<string, string>>;
  readonly aws?: Readonly<Record<string, unknown>>;
  /** When it began, if not now. */
  readonly startMs?: number;
}

/** How a piece of work ended. The flags follow from the status; say them only where there is none. */
export interface Outcome {
  readonly status?: number;
  /** Bytes of the response's body. */
  readonly contentLength?: number;
  readonly fault?: boolean;
  readonly error?: boolean;
  readonly throttle?: boolean;
  /** When it ended, if not now. */
  readonly endMs?: number;
}

/**
 * Opens a segment. Close it, then send `document()`.
 * @example
 * const segment = openSegment({ name: "shop" });
 * const call = segment.subsegment("stock", { namespace: "remote" });
 * call.close({ status: 200 });
 * segment.close();
 * await emitter("127.0.0.1:2000").send(segment.document());
 */
export function openSegment(options: SegmentOptions): SegmentRecorder {
  return new SegmentRecorder(options, undefined);
}

/** Wall clock with a fraction, and steady within a process, so that short phases do not come out as 0 or less. */
export const wallClock = (): number => performance.timeOrigin + performance.now();

/** What is being recorded of one segment or subsegment. */
export class SegmentRecorder {
  readonly id: string;
  readonly traceId: string;
  readonly name: string;
  readonly #now: () => number;
  readonly #random: Random | undefined;
  readonly #parent: SegmentRecorder | undefined;
  readonly #parentId: string | undefined;
  readonly #fixed: Partial<SegmentDocument>;
  readonly #startMs: number;
  /** Errors already written down somewhere in this segment, with the id of their exception. */
  readonly #recorded: Map<unknown, string>;
  readonly #children: SegmentRecorder[] = [];
  readonly #annotations: Record<string, string | number | boolean> = {};
  readonly #metadata: Record<string, unknown> = {};
  #http: HttpDocument | undefined;
  #cause: CauseDocument | string | undefined;
  #flags: { fault?: true; error?: true; throttle?: true } = {};
  #endMs: number | undefined;

  constructor(options: SegmentOptions & SubsegmentOptions, parent: SegmentRecorder | undefined) {
    this.#now = options.now ?? wallClock;
    this.#random = options.random;
    this.#parent = parent;
    this.#parentId = options.parentId;
    this.#recorded = parent ? parent.#recorded : new Map();
    this.name = cleanName(options.name);
    this.id = options.id ?? newSegmentId(options.random);
    this.traceId = parent?.traceId ?? options.traceId ?? newTraceId(this.#now(), options.random);
    // After the ids: the first random numbers of a process take milliseconds.
    this.#startMs = options.startMs ?? this.#now();
    this.#http = options.http;
    this.#fixed = compact({
      namespace: options.namespace,
      origin: options.origin,
      user: options.user,
      sql: options.sql,
      aws: options.aws,
    });
  }

  get isOpen(): boolean {
    return this.#endMs === undefined;
  }

  /** Opens a subsegment below this one. */
  subsegment(name: string, options: SubsegmentOptions = {}): SegmentRecorder {
    const inherited = { now: this.#now, ...(this.#random && { random: this.#random }) };
    const child = new SegmentRecorder({ ...options, ...inherited, name }, this);
    this.#children.push(child);
    return child;
  }

  /** Adds to what is known of the request and the response. */
  http(part: HttpDocument): void {
    this.#http = compact({
      request: part.request ? { ...this.#http?.request, ...part.request } : this.#http?.request,
      response: part.response ? { ...this.#http?.response, ...part.response } : this.#http?.response,
    });
  }

  /** A value that filter expressions can find. Keys are `[A-Za-z0-9_]`; other characters become `_`. */
  annotate(key: string, value: string | number | boolean): void {
    this.#annotations[key.replace(/[^A-Za-z0-9_]/g, "_")] = value;
  }

  /** Anything worth keeping beside the segment. */
  metadata(key: string, value: unknown): void {
    this.#metadata[key] = value;
  }

  /** A fault with its cause. An error that climbs is written down once, where it was met first; above it is a reference. */
  exception(error: unknown): void {
    this.#flags.fault = true;
    const known = this.#recorded.get(error);
    if (known) {
      this.#cause = known;
      return;
    }
    const exceptions = recordException(error, () => newSegmentId(this.#random));
    this.#recorded.set(error, exceptions[0]!.id);
    this.#cause = { working_directory: process.cwd(), exceptions };
  }

  /** Ends it. A second call is ignored. Children still open stay in progress. */
  close(outcome: Outcome = {}): void {
    if (!this.isOpen) return;
    this.#endMs = Math.max(this.#startMs, outcome.endMs ?? this.#now());
    const { status, contentLength } = outcome;
    if (status !== undefined || contentLength !== undefined) {
      this.http({ response: compact({ status, content_length: contentLength }) });
    }
    const implied = status === undefined ? {} : flagsOf(status);
    for (const flag of ["fault", "error", "throttle"] as const) {
      if (outcome[flag] || implied[flag]) this.#flags[flag] = true;
    }
  }

  /** The document of a segment, or of a subsegment to be sent alone, as it stands now (`in_progress` while open). */
  document(): SegmentDocument {
    const alone = this.#parent && { type: "subsegment" as const, parent_id: this.#parent.id };
    return { ...this.#embedded(), trace_id: this.traceId, ...alone };
  }

  #embedded(): SegmentDocument {
    return compact({
      id: this.id,
      name: this.name,
      parent_id: this.#parentId,
      start_time: seconds(this.#startMs),
      ...(this.#endMs === undefined ? { in_progress: true as const } : { end_time: seconds(this.#endMs) }),
      ...this.#fixed,
      http: this.#http,
      ...this.#flags,
      cause: this.#cause,
      annotations: nonEmpty(this.#annotations),
      metadata: Object.keys(this.#metadata).length > 0 ? { default: this.#metadata } : undefined,
      service: this.#parent ? undefined : { runtime: "node", runtime_version: process.version },
      subsegments: this.#children.length > 0 ? this.#children.map((child) => child.#embedded()) : undefined,
    });
  }
}

/** The flags that an HTTP status implies: 4xx error, 429 error and throttle, 5xx fault. */
export function flagsOf(status: number): { fault?: true; error?: true; throttle?: true } {
  if (status >= 500) return { fault: true };
  if (status === 429) return { error: true, throttle: true };
  return status >= 400 ? { error: true } : {};
}

/** X-Ray takes letters, digits, white space and `_ . : / % & # = + \ - @` in a name, 200 characters at most. */
function cleanName(name: string): string {
  const clean = name.replace(/[^\p{L}\p{N}\s_.:/%&#=+\\\-@]/gu, "_").slice(0, 200);
  return clean.trim() === "" ? "unnamed" : clean;
}

/** To the microsecond: what a double can hold of today's epoch. */
const seconds = (ms: number): number => Math.round(ms * 1_000) / 1_000_000;

const nonEmpty = <T extends object>(value: T): T | undefined => (Object.keys(value).length > 0 ? value : undefined);

type Compact<T> = { [K in keyof T]: Exclude<T[K], undefined> };

/** Leaves absent members out, as JSON and exact optional types want it. */
function compact<T extends object>(value: T): Compact<T> {
  return Object.fromEntries(Object.entries(value).filter(([, member]) => member !== undefined)) as Compact<T>;
}
