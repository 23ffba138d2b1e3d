import { newSegmentId } from "../../src/xray/segment-id.ts";
import { newTraceId } from "../../src/xray/trace-id.ts";

export interface SystemOptions {
  /** Epoch seconds at which all of it happens. */
  readonly atSeconds?: number;
  readonly nameOf?: (service: number) => string;
}

/** Services in tiers of three callees each; every call is a trace of its own. */
export function aSystem(
  count: number,
  { atSeconds = Date.now() / 1000 - 5, nameOf = (service) => `service-${service}` }: SystemOptions = {},
): object[] {
  const documents: object[] = [];
  for (let service = 1; service < count; service += 1) {
    const traceId = newTraceId(atSeconds * 1000);
    const call = newSegmentId();
    const caller = Math.floor((service - 1) / 3);
    const took = { start_time: atSeconds + 0.1, end_time: atSeconds + 0.1 + (service % 60) / 100 };
    documents.push({
      ...{ trace_id: traceId, id: newSegmentId(), name: nameOf(caller) },
      ...{ start_time: atSeconds, end_time: atSeconds + 1 },
      // Only the first is called from outside; callers of the others are said to be late.
      ...(caller > 0 && { parent_id: newSegmentId() }),
      subsegments: [{ id: call, name: nameOf(service), namespace: "remote", ...took }],
    });
    documents.push({
      ...{ trace_id: traceId, id: newSegmentId(), parent_id: call, name: nameOf(service), ...took },
      fault: service % 17 === 0,
    });
  }
  return documents;
}

/** Posts documents as many at a time as the API takes. */
export async function putDocuments(http: string, documents: readonly object[]): Promise<void> {
  for (let from = 0; from < documents.length; from += 50) {
    const TraceSegmentDocuments = documents.slice(from, from + 50).map((document) => JSON.stringify(document));
    const answer = await fetch(`${http}/TraceSegments`, {
      method: "POST",
      body: JSON.stringify({ TraceSegmentDocuments }),
    });
    if (!answer.ok) throw new Error(await answer.text());
  }
}
