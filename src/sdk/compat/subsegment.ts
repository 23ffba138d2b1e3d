import type { ClientRequest, IncomingMessage } from "node:http";
import { getLogger } from "./logger.ts";
import { RecordedWork } from "./recorded-work.ts";
import { type FetchAnswer, fetchRequestData, remoteRequestData } from "./remote-request-data.ts";
import type { Segment } from "./segment.ts";
import { segmentUtils } from "./segment-utils.ts";

/** A piece of a segment's work, such as a call. */
export class Subsegment extends RecordedWork {
  /** What it is a part of, and the segment of that. Absent until it is added to something. */
  declare parent: Segment | Subsegment;
  declare segment: Segment;
  declare notTraced: boolean;
  declare namespace?: string;
  declare type?: "subsegment";
  declare trace_id?: string;
  declare parent_id?: string;
  declare http?: { request?: object; response?: object };
  declare sql?: unknown;
  declare traced?: boolean;
  declare precursor_ids?: string[];

  constructor(name: string) {
    if (typeof name !== "string") throw new Error("Subsegment name must be of type string.");
    super(name);
    this.notTraced = false;
  }

  protected root(): Segment | undefined {
    return this.segment;
  }

  /** What an addition does to what is added; the counters are the parent's. */
  hangFrom(parent: Segment | Subsegment, segment: Segment): void {
    this.parent = parent;
    this.segment = segment;
    this.notTraced = parent.notTraced === true;
    if (parent.noOp === true) this.noOp = true;
  }

  addNewSubsegment(name: string): Subsegment {
    const subsegment = new Subsegment(name);
    this.addSubsegment(subsegment);
    return subsegment;
  }

  addSubsegment(subsegment: Subsegment): void {
    if (!(subsegment instanceof Subsegment)) throw new Error(`${String(subsegment)} is no subsegment.`);
    subsegment.hangFrom(this, this.segment);
    this.subsegments ??= [];
    if (subsegment.end_time === undefined) this.incrementCounter(subsegment.counter);
    this.subsegments.push(subsegment);
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

  /** Sets a member of the document. */
  addAttribute(name: string, data: unknown): void {
    Object.assign(this, { [name]: data });
  }

  addPrecursorId(id: string): void {
    if (typeof id === "string") this.precursor_ids = [...(this.precursor_ids ?? []), id];
    else getLogger().error(`${this.name} takes no precursor ${String(id)}. Its id must be a text.`);
  }

  addSqlData(sqlData: unknown): void {
    this.sql = sqlData;
  }

  addRemoteRequestData(req: ClientRequest, res: IncomingMessage | null, downstreamXRayEnabled?: boolean): void {
    this.http = remoteRequestData(req, res);
    if (downstreamXRayEnabled) this.traced = true;
  }

  addFetchRequestData(
    request: { readonly url: string | URL; readonly method?: string },
    response: FetchAnswer | null | undefined,
    downstreamXRayEnabled: boolean,
  ): void {
    this.http = fetchRequestData(request, response);
    if (downstreamXRayEnabled) this.traced = true;
  }

  incrementCounter(additional = 0): void {
    this.counter += additional + 1;
    this.parent?.incrementCounter(additional);
  }

  decrementCounter(): void {
    this.counter -= 1;
    this.parent?.decrementCounter();
  }

  close(err?: Error | string | null, remote?: boolean): void {
    this.end_time = segmentUtils.getCurrentTime();
    delete this.in_progress;
    if (err) this.addError(err, remote);
    this.parent?.decrementCounter();
    const root = this.root();
    if (root === undefined || root.counter <= root.streamingThreshold()) return;
    if (this.streamSubsegments()) this.parent.removeSubsegment(this);
  }

  /** Sends it by itself. */
  flush(): void {
    if (!this.parent || !this.segment) {
      getLogger().error(`${this.name} is a part of nothing. Add it to a segment before it is sent.`);
    } else if (this.segment.trace_id && this.segment.notTraced !== true && !this.notTraced) {
      this.send();
    }
  }

  /** Sends it if it has ended whole, and otherwise what has below it. True if it was sent. */
  streamSubsegments(): true | undefined {
    if (this.isClosed() && this.counter <= 0) {
      this.flush();
      return true;
    }
    this.streamChildren();
    return undefined;
  }

  override format(): string {
    this.type = "subsegment";
    if (this.parent) this.parent_id = this.parent.id;
    if (this.segment) this.trace_id = this.segment.trace_id;
    return super.format();
  }
}
