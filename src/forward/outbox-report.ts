import type { Log } from "../log.ts";
import type { Trouble } from "./breaker.ts";
import { segmentIdOf } from "./segment-id.ts";
import type { Unprocessed } from "./way-out.ts";

const summaryMs = 60_000;
/** Refused documents are explained one by one, but no flood of them may fill the log. */
const explainedInSummary = 100;

const decoder = new TextDecoder("latin1");

/** Tells the log how one way out fares: failures and recoveries once, what goes well in one line a minute. */
export class OutboxReport {
  readonly #name: string;
  readonly #log: Log;
  #timer: NodeJS.Timeout | undefined;
  #sent = 0;
  #requests = 0;
  #explained = 0;
  #unexplained = 0;
  #isInTrouble = false;

  constructor(name: string, log: Log) {
    this.#name = name;
    this.#log = log;
  }

  /** A request was answered, and so many documents were taken. */
  sent(segments: number, seconds: number): void {
    this.#sent += segments;
    this.#requests += 1;
    this.#summariseLater();
    const text = `Successfully sent batch of ${segments} segments (${seconds.toFixed(3)} seconds)`;
    this.#log.debug({ text, to: this.#name, segments, seconds }, "sent a batch");
  }

  /** A request failed and will be tried again. */
  failed(error: string, trouble: Trouble | undefined): void {
    if (trouble === undefined || this.#isInTrouble) {
      this.#log.debug({ to: this.#name, error }, "a batch failed and is tried again");
      return;
    }
    this.#isInTrouble = true;
    const text = `Segments do not get out to ${this.#name}; they wait. ${error}`;
    this.#log.error({ text, to: this.#name, error }, "segments do not get out");
  }

  /** The other side takes documents again. */
  recovered({ sinceMs }: Trouble): void {
    if (!this.#isInTrouble) return;
    this.#isInTrouble = false;
    const since = new Date(sinceMs).toISOString();
    const text = `Segments get out to ${this.#name} again; they had not since ${since}.`;
    this.#log.info({ text, to: this.#name, since }, "segments get out again");
  }

  /** A document was refused for good. Its text stays out of the log; its ids are named where they can be found. */
  unprocessed({ code, message, segmentId }: Unprocessed, document: Uint8Array): void {
    this.#summariseLater();
    if (this.#explained === explainedInSummary) {
      this.#unexplained += 1;
      return;
    }
    this.#explained += 1;
    const traceId = /"trace_id"\s*:\s*"([^"]{1,64})"/.exec(decoder.decode(document))?.[1];
    const id = segmentId ?? segmentIdOf(document);
    const fields = { to: this.#name, code, reason: message, segmentId: id, traceId };
    this.#log.error(fields, "a segment was not taken");
  }

  /** Documents were given up for want of room. */
  dropped(segments: number): void {
    const remedy = "give it more memory (--buffer-memory), or a folder to spill to (--spill-dir)";
    this.#log.warn({ to: this.#name, segments, remedy }, "memory is full, the oldest segments are dropped");
  }

  /** The spill could not be written, or can be again. */
  spill(error: string | undefined): void {
    if (error === undefined) this.#log.info({ to: this.#name }, "the spill can be written again");
    else this.#log.error({ text: error, to: this.#name, error }, "the spill cannot be written");
  }

  /** Says what is left to say. */
  close(): void {
    clearTimeout(this.#timer);
    this.#summarise();
  }

  #summariseLater(): void {
    this.#timer ??= setTimeout(() => this.#summarise(), summaryMs).unref();
  }

  #summarise(): void {
    this.#timer = undefined;
    const [segments, requests, unexplained] = [this.#sent, this.#requests, this.#unexplained];
    this.#sent = 0;
    this.#requests = 0;
    this.#explained = 0;
    this.#unexplained = 0;
    if (requests > 0) {
      const text = `Sent ${segments} segments to ${this.#name} in ${requests} requests in the last minute`;
      this.#log.info({ text, to: this.#name, segments, requests }, "sent segments");
    }
    if (unexplained > 0) {
      this.#log.error({ to: this.#name, segments: unexplained }, "more segments were not taken");
    }
  }
}
