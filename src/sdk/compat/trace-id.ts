import { randomHex } from "../../xray/random.ts";
import { newTraceId, parseTraceId } from "../../xray/trace-id.ts";
import { getLogger } from "./logger.ts";

/** A trace's id in its three parts. */
export class TraceID {
  version = 1;
  timestamp: string;
  id: string;

  constructor(tsHex?: string, numberhex?: string) {
    this.timestamp = tsHex || newTraceId(Date.now()).slice(2, 10);
    this.id = numberhex || randomHex(12);
  }

  /** The id of no trace. */
  static Invalid(): TraceID {
    return new TraceID("00000000", "000000000000000000000000");
  }

  /** The id that a text writes, in X-Ray's form or W3C's; a new one, and a word to the log, where it writes none. */
  static FromString(rawId: string): TraceID {
    const traceId = new TraceID();
    const text = typeof rawId === "string" ? (parseTraceId(rawId) ?? rawId.trim()) : "";
    // Ids of other lengths are nobody's business but the backend's.
    const parts = /^([1-9]\d*)-([0-9a-f]+)-(.*)$/i.exec(text);
    if (parts === null) {
      getLogger().error(`The trace id ${JSON.stringify(rawId)} is none: a new one takes its place.`);
      return traceId;
    }
    traceId.version = Number(parts[1]);
    traceId.timestamp = parts[2]!.toLowerCase().padStart(8, "0");
    traceId.id = parts[3]!;
    return traceId;
  }

  toString(): string {
    return `${this.version}-${this.timestamp}-${this.id}`;
  }
}
