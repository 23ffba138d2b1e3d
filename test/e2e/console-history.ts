import { newSegmentId } from "../../src/xray/segment-id.ts";
import { newTraceId } from "../../src/xray/trace-id.ts";

/** The services of a small shop and what it did in the last so many minutes; in the newest of them it fails. */
export interface History {
  readonly minutes: number;
  readonly perMinute: number;
  readonly failingMinutes: number;
}

/** Documents of that time: `web` calls `orders`, which asks a database; who fails is a customer of the tier `plus`. */
export function aHistory({ minutes, perMinute, failingMinutes }: History): string[] {
  const documents: string[] = [];
  const nowSeconds = Date.now() / 1000;
  for (let number = 0; number < minutes * perMinute; number += 1) {
    const age = (number / perMinute) * 60 + 1;
    const isPlus = number % 2 === 0;
    const fails = isPlus && age < failingMinutes * 60;
    const took = fails ? 0.9 : 0.05 + ((number * 37) % 100) / 1_000;
    documents.push(...aPurchase(nowSeconds - age - took, { took, fails, tier: isPlus ? "plus" : "free" }));
  }
  return documents;
}

interface Purchase {
  readonly took: number;
  readonly fails: boolean;
  readonly tier: string;
}

function aPurchase(start: number, { took, fails, tier }: Purchase): string[] {
  const traceId = newTraceId(start * 1000);
  const [call, status] = [newSegmentId(), fails ? 500 : 200];
  const remote = {
    ...{ id: call, name: "orders", namespace: "remote", start_time: start + 0.01, end_time: start + took - 0.01 },
    http: { request: { method: "POST", url: "http://orders.test/orders" }, response: { status } },
    ...(fails && { fault: true }),
  };
  const query = {
    ...{ id: newSegmentId(), name: "orders@db", namespace: "remote", start_time: start + 0.02, end_time: start + 0.03 },
    sql: { sanitized_query: "SELECT * FROM orders WHERE id = ?", database_type: "PostgreSQL" },
  };
  const exceptions = [{ id: newSegmentId(), type: "TypeError", message: "no price for <b>lamp</b>" }];
  return [
    {
      ...{ trace_id: traceId, id: newSegmentId(), name: "web", start_time: start, end_time: start + took },
      http: { request: { method: "GET", url: "http://shop.test/cart" }, response: { status } },
      ...(fails && { fault: true }),
      annotations: { tier },
      subsegments: [remote],
    },
    {
      ...{ trace_id: traceId, id: newSegmentId(), parent_id: call, name: "orders" },
      ...{ start_time: start + 0.012, end_time: start + took - 0.012 },
      http: { request: { method: "POST", url: "http://orders.test/orders" }, response: { status } },
      ...(fails && { fault: true, cause: { working_directory: "/srv", exceptions } }),
      subsegments: [query],
    },
  ].map((segment) => JSON.stringify(segment));
}

/** Hands documents to a server as a daemon would, fifty a request. */
export async function putDocuments(origin: string, documents: readonly string[]): Promise<void> {
  for (let at = 0; at < documents.length; at += 50) {
    const body = JSON.stringify({ TraceSegmentDocuments: documents.slice(at, at + 50) });
    const answer = await fetch(`${origin}/TraceSegments`, { method: "POST", body });
    const { UnprocessedTraceSegments: refused } = (await answer.json()) as { UnprocessedTraceSegments: unknown[] };
    if (refused.length > 0) throw new Error(JSON.stringify(refused[0]));
  }
}
