import { parseTraceId } from "../../xray/trace-id.ts";
import { XRayIdGenerator } from "../xray-id-generator.ts";
import { getLogger } from "./logger.ts";

const ids = new XRayIdGenerator();

/** A trace's id in its three parts. */
export class TraceID {
  version = 1;
  timestamp: string;
  id: string;

  constructor(tsHex?: string, numberhex?: string) {
    const made = tsHex && numberhex ? "" : ids.generateTraceId();
    this.timestamp = tsHex || made.slice(0, 8);
    this.id = numberhex || made.slice(8);
  }

  /** The id of no trace. */
  static Invalid(): TraceID {
    return new TraceID("00000000", "000000000000000000000000");
  }

  /** The id that a text writes, in X-Ray's form or W3C's; a new one, and a word to the log, where it writes none. */
  static FromString(rawId: string): TraceID {
    const text = typeof rawId === "string" ? (parseTraceId(rawId) ?? rawId.trim()) : "";
    // Ids of other lengths are nobody's business but the backend's.
    const parts = /^([1-9]\d*)-([0-9a-f]+)-(.+)$/i.exec(text);
    if (parts === null) {
      getLogger().error(`The trace id ${JSON.stringify(rawId)} is none: a new one takes its place.`);
      return new TraceID();
    }
    const traceId = new TraceID(parts[2]!.toLowerCase().padStart(8, "0"), parts[3]!);
    traceId.version = Number(parts[1]);
    return traceId;
  }

  toString(): string {
    return `${this.version}-${this.timestamp}-${this.id}`;
  }
}
