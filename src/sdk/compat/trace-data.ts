/** What `X-Amzn-Trace-Id` says, in X-Ray's SDK's shape; `data` holds `Lineage` and foreign pairs. */
export interface TraceData {
  root?: string;
  parent?: string;
  sampled?: string;
  self?: string;
  data?: Record<string, string>;
}

const reserved = ["root", "parent", "sampled", "self"] as const;
/** For all foreign pairs together, so that a header cannot grow from hop to hop. */
const maxForeignLength = 256;

/** Reads a trace header. Keys of X-Ray's own may be in any case. */
export function processTraceData(traceData?: string): TraceData {
  const found: TraceData = {};
  if (typeof traceData !== "string" || traceData === "") return found;
  const data: Record<string, string> = {};
  let room = maxForeignLength;
  for (const part of traceData.split(";")) {
    const [key = "", value = ""] = part.split("=").map((text) => text.trim());
    if (key === "" || value === "" || key === "__proto__") continue;
    const own = reserved.find((name) => name === key.toLowerCase());
    if (own !== undefined) {
      found[own] = value;
    } else if (key.length + value.length <= room) {
      data[key] = value;
      room -= key.length + value.length;
    }
  }
  found.data = data;
  return found;
}
