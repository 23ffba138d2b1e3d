import { newSegmentId } from "../../src/xray/segment-id.ts";
import { newTraceId } from "../../src/xray/trace-id.ts";
import type { SentTrace } from "./console-traces.ts";

/** A name that would do harm if it were taken for markup. */
export const hostileName = "<img src=x onerror=alert(1)>";

/**
 * A checkout with all that the trace's page has to show: repeated calls, SQL, a failure with its stack, a clock that is
 * ahead, work that goes on when its parent has ended.
 */
export function aCheckout(): SentTrace {
  const id = newTraceId(Date.now());
  const start = Date.now() / 1000 - 2;
  const step = (name: string, from: number, to: number, more: object = {}) => {
    return { id: newSegmentId(), name, start_time: start + from, end_time: start + to, ...more };
  };
  const segment = (name: string, from: number, to: number, more: object) => ({
    trace_id: id,
    ...step(name, from, to),
    ...more,
  });
  const call = newSegmentId();
  const request = (path: string, status: number) => ({
    http: { request: { method: "POST", url: `http://shop.test${path}` }, response: { status } },
  });
  const cause = {
    working_directory: "/srv/orders",
    exceptions: [
      {
        id: newSegmentId(),
        type: "ChargeError",
        message: "card_declined",
        stack: [{ path: "charge.ts", line: 42, label: "charge" }],
      },
    ],
  };
  const sql = {
    sanitized_query: "SELECT colour, price FROM tulips WHERE shelf = ? ORDER BY price LIMIT ?",
    database_type: "PostgreSQL",
  };
  const stock = Array.from({ length: 6 }, (_, at) =>
    step("stock", 0.15 + at / 50, 0.16 + at / 50, { namespace: "remote", ...request(`/stock/${at}`, 200) }),
  );
  return {
    id,
    documents: [
      segment("web", 0, 0.5, {
        ...{ fault: true, user: "u-117", annotations: { tier: "plus" }, ...request("/checkout?step=2", 500) },
        subsegments: [
          step("session", 0.01, 0.02, { namespace: "remote" }),
          step("orders", 0.05, 0.4, { ...{ id: call, namespace: "remote", fault: true }, ...request("/orders", 500) }),
          step("audit", 0.45, 0.7),
        ],
      }),
      segment("orders", 0.04, 0.38, {
        ...{ parent_id: call, fault: true, ...request("/orders", 500) },
        subsegments: [
          step("orders@db", 0.06, 0.1, { namespace: "remote", sql }),
          ...stock,
          step(hostileName, 0.3, 0.37, { cause, metadata: { default: { cart: [hostileName] } } }),
        ],
      }),
    ],
  };
}
