import { newSegmentId } from "../../src/xray/segment-id.ts";
import { newTraceId } from "../../src/xray/trace-id.ts";

/** A trace that was made for a test, as documents to send. */
export interface SentTrace {
  readonly id: string;
  readonly documents: readonly object[];
}

/** `web` calls `orders`, which asks a database and, when it is to fail, throws. */
export function anOrder({ fails = false, path = "/cart" }: { fails?: boolean; path?: string } = {}): SentTrace {
  const id = newTraceId(Date.now());
  const start = Date.now() / 1000 - 0.5;
  const [web, call, orders, query] = [newSegmentId(), newSegmentId(), newSegmentId(), newSegmentId()];
  const url = `http://shop.test${path}`;
  const status = fails ? 500 : 200;
  const exception = {
    id: newSegmentId(),
    type: "TypeError",
    message: "no price for <b>lamp</b>",
    stack: [{ path: "orders.ts", line: 42, label: "priceOf" }],
  };
  return {
    id,
    documents: [
      {
        ...{ trace_id: id, id: web, name: "web", start_time: start, end_time: start + 0.4 },
        http: { request: { method: "GET", url }, response: { status } },
        ...(fails && { fault: true }),
        annotations: { tier: "plus" },
        subsegments: [
          {
            ...{ id: call, name: "orders", namespace: "remote", start_time: start + 0.05, end_time: start + 0.35 },
            http: { request: { method: "POST", url: "http://orders.test/orders" }, response: { status } },
            ...(fails && { fault: true }),
          },
        ],
      },
      {
        ...{ trace_id: id, id: orders, parent_id: call, name: "orders" },
        ...{ start_time: start + 0.1, end_time: start + 0.3 },
        http: { request: { method: "POST", url: "http://orders.test/orders" }, response: { status } },
        ...(fails && { fault: true, cause: { working_directory: "/srv", exceptions: [exception] } }),
        metadata: { default: { cart: { items: 3, note: "<img src=x onerror=alert(1)>" } } },
        subsegments: [
          {
            ...{ id: query, name: "orders@db", namespace: "remote", start_time: start + 0.15, end_time: start + 0.2 },
            sql: { sanitized_query: "SELECT * FROM orders WHERE id = ?", database_type: "PostgreSQL" },
          },
        ],
      },
    ],
  };
}

/** One segment that has begun and not ended, and the document that ends it. */
export function aRunningJob(): SentTrace & { readonly end: object } {
  const id = newTraceId(Date.now());
  const job = { trace_id: id, id: newSegmentId(), name: "nightly-job", start_time: Date.now() / 1000 - 1 };
  return {
    id,
    documents: [{ ...job, in_progress: true }],
    end: { ...job, end_time: Date.now() / 1000 },
  };
}
