import { XRayIdGenerator } from "../xray-id-generator.ts";
import { type CapturedException, captureException } from "./captured-exception.ts";
import { getLogger } from "./logger.ts";
import type { Segment } from "./segment.ts";
import { segmentUtils } from "./segment-utils.ts";
import { sendDocument } from "./send-document.ts";
import type { Subsegment } from "./subsegment.ts";

const ids = new XRayIdGenerator();
/** The last error of each segment's work: where it climbs to, it is pointed at. */
const lastErrors = new WeakMap<Segment, { readonly thrown: unknown; readonly id: string }>();

/**
 * What segments and subsegments share. Their own members are the document's: applications and plug-ins read and write
 * them, and whatever stands there is sent.
 */
export abstract class RecordedWork {
  id: string = ids.generateSpanId();
  name: string;
  start_time: number = segmentUtils.getCurrentTime();
  declare end_time?: number;
  in_progress?: boolean = true;
  declare subsegments?: Array<Subsegment>;
  /** Work below it that has not ended, at all depths. */
  counter = 0;
  /** Nothing of it is sent. */
  declare notTraced?: boolean;
  /** Nothing of it is told to callees either: Lambda passes the trace through. */
  declare noOp?: boolean;
  declare annotations?: Record<string, boolean | string | number>;
  declare metadata?: Record<string, Record<string, unknown>>;
  declare fault?: boolean;
  declare error?: boolean;
  declare throttle?: boolean;
  declare cause?: string | { working_directory: string; exceptions: CapturedException[] };

  constructor(name: string) {
    this.name = name;
  }

  /** The segment that it is a part of, or is. */
  protected abstract root(): Segment | undefined;

  addAnnotation(key: string, value: boolean | string | number): void {
    const isValue = typeof value === "boolean" || typeof value === "string" || Number.isFinite(value);
    if (typeof key !== "string" || !isValue) {
      const shown = `${String(key)}: ${String(value)}`;
      getLogger().error(
        `${this.name} takes no annotation ${shown}. A key is a text; a value a text, number or boolean.`,
      );
      return;
    }
    this.annotations ??= {};
    if (key !== "__proto__") this.annotations[key] = value;
  }

  addMetadata(key: string, value: unknown, namespace?: string): void {
    if (typeof key !== "string" || (namespace && typeof namespace !== "string")) {
      getLogger().error(`${this.name} takes no metadata ${String(key)} in ${String(namespace)}. Both must be texts.`);
      return;
    }
    const within = namespace || "default";
    if (within === "__proto__" || key === "__proto__") return;
    this.metadata ??= {};
    this.metadata[within] ??= {};
    this.metadata[within][key] = value ?? "";
  }

  addFaultFlag(): void {
    this.fault = true;
  }

  addErrorFlag(): void {
    this.error = true;
  }

  addThrottleFlag(): void {
    this.throttle = true;
  }

  /** A fault, with the error as its cause. One that climbs is told once, where it was met first. */
  addError(err: Error | string, remote?: boolean): void {
    if (err === null || (typeof err !== "object" && typeof err !== "string")) {
      getLogger().error(`${this.name} takes no error ${String(err)}. It must be an object or a text.`);
      return;
    }
    this.addFaultFlag();
    const root = this.root();
    const last = root && lastErrors.get(root);
    if (last?.thrown === err) {
      this.cause = last.id;
      return;
    }
    const captured = captureException(err, remote === true);
    if (root !== undefined) lastErrors.set(root, { thrown: err, id: captured[0]!.id });
    const before = typeof this.cause === "object" ? this.cause.exceptions : [];
    this.cause = { working_directory: process.cwd(), exceptions: [...captured, ...before] };
  }

  isClosed(): boolean {
    return !this.in_progress;
  }

  /** Sends, of the work below, what has ended whole. */
  protected streamChildren(): void {
    if (this.subsegments === undefined || this.subsegments.length === 0) return;
    this.subsegments = this.subsegments.filter((child) => !child.streamSubsegments());
  }

  /** Forgets it: what is removed is not sent. */
  removeSubsegment(subsegment: Subsegment): void {
    const index = this.subsegments?.indexOf(subsegment) ?? -1;
    if (index >= 0) this.subsegments!.splice(index, 1);
  }

  /** Hands it to the daemon. What cannot be written down is told to the log: a trace is no reason to fail. */
  protected send(): void {
    try {
      sendDocument(this.format());
    } catch (error) {
      getLogger().error(`${this.name} cannot be sent: ${String(error)}`);
    }
  }

  /** The document as it would be sent now. */
  format(): string {
    return this.serialize();
  }

  toString(): string {
    return this.serialize();
  }

  /** JSON, with whole numbers that are too large for it as text. */
  serialize(object: unknown = this): string {
    try {
      return JSON.stringify(object);
    } catch {
      // Such a number, most likely. To look at each value costs more than all else, so it is done for them alone.
      return JSON.stringify(object, segmentUtils.getJsonStringifyReplacer());
    }
  }

  /** The members that are the document's. Below, what is not to be sampled is left out. */
  toJSON(): Record<string, unknown> {
    const members = Object.fromEntries(Object.entries(this).filter(([member]) => !unsent.has(member)));
    const { subsegments = [], ...others } = members as { subsegments?: readonly Subsegment[] };
    const sent = this.notTraced === true ? subsegments : subsegments.filter((child) => child.notTraced !== true);
    return sent.length === 0 ? others : { ...others, subsegments: sent };
  }
}

const unsent: ReadonlySet<string> = new Set([
  "counter",
  "notTraced",
  "noOp",
  "additionalTraceData",
  "parent",
  "segment",
]);
