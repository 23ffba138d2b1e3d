import { newSegmentId } from "../../../src/xray/segment-id.ts";
import { newTraceId } from "../../../src/xray/trace-id.ts";

/** What the tasks are about: documents, and the traces in them that are asked for by name. */
export interface Shop {
  readonly documents: readonly string[];
  /** The slowest of those in which `orders` answered 500. */
  readonly slowestFailure: string;
  /** Its cart asks the database eleven times. */
  readonly repeating: string;
}

const perMinute = 12;
const minutes = 20;

/**
 * A shop of twenty minutes: `web` calls `checkout`, that `payments` and `orders`, which asks a database. Version 2.1 is the
 * slow one; in the last four minutes `orders` fails for two users; one checkout asks the database once for each item.
 */
export function aShop(nowSeconds: number): Shop {
  const documents: string[] = [];
  let slowestFailure = "";
  let repeating = "";
  for (let number = 0; number < minutes * perMinute; number += 1) {
    const age = 5 + (number * 60) / perMinute;
    const fails = number % 6 === 0 && age < 240;
    const isNewest = number === 0;
    const isSlow = number % 3 === 1;
    const took = isNewest ? 2.4 : isSlow ? 1.3 : fails ? 0.9 : 0.2 + (number % 7) * 0.02;
    const queries = number === 1 ? 11 : 1;
    const visit = aVisit({
      ...{ start: nowSeconds - age - took, took, fails, queries },
      user: `user-${number % 12}`,
      version: isSlow ? "2.1" : "2.0",
    });
    if (isNewest) slowestFailure = visit.id;
    if (queries > 1) repeating = visit.id;
    documents.push(...visit.documents);
  }
  return { documents, slowestFailure, repeating };
}

interface Visit {
  readonly start: number;
  readonly took: number;
  readonly fails: boolean;
  readonly queries: number;
  readonly user: string;
  readonly version: string;
}

function aVisit({ start, took, fails, queries, user, version }: Visit): { id: string; documents: string[] } {
  const id = newTraceId(start * 1000);
  const fault = fails && { fault: true };
  const status = fails ? 500 : 200;
  const response = { response: { status } };
  const calls = { checkout: newSegmentId(), payments: newSegmentId(), orders: newSegmentId() };
  const from = (share: number): number => start + took * share;
  const call = (name: keyof typeof calls, begin: number, end: number, own: object = {}): object => ({
    ...{ id: calls[name], name, namespace: "remote", start_time: from(begin), end_time: from(end), ...own },
  });
  const step = 0.3 / queries;
  const database = Array.from({ length: queries }, (_, at) => ({
    ...{ id: newSegmentId(), name: "orders@db", namespace: "remote" },
    ...{ start_time: from(0.2 + at * step), end_time: from(0.2 + (at + 0.8) * step) },
    sql: { sanitized_query: "SELECT * FROM items WHERE order_id = ?", database_type: "PostgreSQL" },
  }));
  const exceptions = [
    {
      ...{ id: newSegmentId(), type: "StockError", message: "no lamps are left" },
      stack: [{ path: "/srv/orders/stock.ts", line: 42, label: "reserve" }],
    },
  ];
  const documents = [
    {
      ...{ id: newSegmentId(), name: "web", start_time: start, end_time: start + took, user, ...fault },
      http: { request: { method: "POST", url: "http://shop.test/checkout" }, ...response },
      annotations: { version },
      subsegments: [call("checkout", 0.02, 0.98, { ...fault, http: response })],
    },
    {
      ...{ id: newSegmentId(), parent_id: calls.checkout, name: "checkout", ...fault },
      ...{ start_time: from(0.03), end_time: from(0.97) },
      http: { request: { method: "POST", url: "http://checkout.test/checkout" }, ...response },
      subsegments: [call("orders", 0.05, 0.55, { ...fault, http: response }), call("payments", 0.56, 0.95)],
    },
    {
      ...{ id: newSegmentId(), parent_id: calls.orders, name: "orders", ...fault },
      ...{ start_time: from(0.06), end_time: from(0.54) },
      http: { request: { method: "POST", url: "http://orders.test/orders" }, ...response },
      ...(fails && { cause: { working_directory: "/srv/orders", exceptions } }),
      subsegments: database,
    },
    {
      ...{ id: newSegmentId(), parent_id: calls.payments, name: "payments" },
      ...{ start_time: from(0.57), end_time: from(0.94) },
      http: { request: { method: "POST", url: "http://payments.test/charges" }, response: { status: 200 } },
    },
  ];
  return { id, documents: documents.map((document) => JSON.stringify({ trace_id: id, ...document })) };
}
