import type { IncomingRequestData } from "./incoming-request-data.ts";
import { getLogger } from "./logger.ts";
import { RecordedWork } from "./recorded-work.ts";
import { segmentUtils } from "./segment-utils.ts";
import { Subsegment } from "./subsegment.ts";
import { TraceID } from "./trace-id.ts";

/** What one service did for one request. */
export class Segment extends RecordedWork {
  trace_id: string;
  declare parent_id?: string;
  declare origin?: string;
  declare user?: string;
  declare http?: IncomingRequestData;
  declare service?: unknown;
  declare aws?: Record<string, unknown>;
  /** `Lineage` and foreign pairs of the caller's header: they go on to callees, and not into the document. */
  declare additionalTraceData?: object;

  constructor(name: string, rootId?: string | null, parentId?: string | null) {
    if (typeof name !== "string") throw new Error("Segment name must be of type string.");
    super(name);
    this.trace_id = (rootId && typeof rootId === "string" ? TraceID.FromString(rootId) : new TraceID()).toString();
    if (parentId) this.parent_id = parentId;
    if (segmentUtils.serviceData) this.setServiceData(segmentUtils.serviceData);
    if (segmentUtils.pluginData) this.addPluginData(segmentUtils.pluginData);
    if (segmentUtils.origin) this.origin = segmentUtils.origin;
    if (segmentUtils.sdkData) this.setSDKData(segmentUtils.sdkData);
  }

  protected root(): Segment {
    return this;
  }

  /** More open work than this, and what has ended is sent ahead. */
  streamingThreshold(): number {
    return segmentUtils.streamingThreshold;
  }

  addIncomingRequestData(data: IncomingRequestData): void {
    this.http = data;
  }

  setUser(user: string): void {
    if (typeof user === "string") this.user = user;
    else getLogger().error(`${this.name} takes no user ${String(user)}. It must be a text.`);
  }

  setSDKData(data: object): void {
    if (data) this.aws = { ...this.aws, xray: data };
    else getLogger().error(`${this.name} takes no SDK data that is empty.`);
  }

  setMatchedSamplingRule(ruleName: string): void {
    const xray = typeof this.aws?.xray === "object" ? this.aws.xray : {};
    this.aws = { ...this.aws, xray: { ...xray, rule_name: ruleName } };
  }

  setServiceData(data: unknown): void {
    if (data) this.service = data;
    else getLogger().error(`${this.name} takes no service data that is empty.`);
  }

  addPluginData(data: object): void {
    this.aws = { ...this.aws, ...data };
  }

  addNewSubsegment(name: string): Subsegment {
    const subsegment = new Subsegment(name);
    this.addSubsegment(subsegment);
    return subsegment;
  }

  addSubsegment(subsegment: Subsegment): void {
    if (!(subsegment instanceof Subsegment)) throw new Error(`${String(subsegment)} is no subsegment.`);
    subsegment.hangFrom(this, this);
    this.subsegments ??= [];
    this.subsegments.push(subsegment);
    if (!subsegment.end_time) this.incrementCounter(subsegment.counter);
  }

  addSubsegmentWithoutSampling(subsegment: Subsegment): void {
    this.addSubsegment(subsegment);
    subsegment.notTraced = true;
  }

  addNewSubsegmentWithoutSampling(name: string): Subsegment {
    const subsegment = this.addNewSubsegment(name);
    subsegment.notTraced = true;
    return subsegment;
  }

  incrementCounter(additional = 0): void {
    this.counter += additional + 1;
    if (this.counter > this.streamingThreshold()) this.streamChildren();
  }

  /** A segment that has ended waits for what it began. */
  decrementCounter(): void {
    this.counter -= 1;
    if (this.counter <= 0 && this.isClosed()) this.flush();
  }

  close(err?: Error | string | null, remote?: boolean): void {
    this.end_time ??= segmentUtils.getCurrentTime();
    if (err !== undefined && err !== null) this.addError(err, remote);
    delete this.in_progress;
    if (this.counter <= 0) this.flush();
  }

  flush(): void {
    if (this.notTraced !== true) this.send();
  }
}
