import { type EventEmitter, errorMonitor } from "node:events";
import { runWithinSegment, type SegmentLike } from "./context.ts";
import { Segment } from "./segment.ts";
import { Subsegment } from "./subsegment.ts";

type Callback = (...answer: unknown[]) => unknown;

/** In manual mode, the segment that a query was given as one more argument; undefined where the last one is something else. */
export function segmentIn(args: readonly unknown[]): SegmentLike | undefined {
  const last = args.at(-1);
  return last instanceof Segment || last instanceof Subsegment ? last : undefined;
}

/** The subsegment of a query. */
export function beginQuery(parent: SegmentLike, database: unknown, host: unknown): Subsegment {
  const subsegment = parent.addNewSubsegment(`${database}@${host}`);
  subsegment.namespace = "remote";
  return subsegment;
}

/** A query's callback, within whose subsegment it runs; that ends with it. */
export function endWithCallback(callback: Callback, subsegment: Subsegment): Callback {
  return function (this: unknown, ...answer) {
    try {
      return runWithinSegment(subsegment, () => callback.apply(this, answer));
    } finally {
      subsegment.close(answer[0] as Error | null | undefined);
    }
  };
}

/** Ends a query's subsegment with what the query answered: a promise, or an emitter of rows. */
export function endWithResult(result: unknown, subsegment: Subsegment): void {
  if (isPromise(result)) {
    result.then(
      () => subsegment.close(),
      (error: Error) => subsegment.close(error),
    );
    return;
  }
  const rows = result as Partial<EventEmitter> | undefined;
  if (typeof rows?.on !== "function") {
    subsegment.close();
    return;
  }
  rows.on("end", () => {
    if (!subsegment.isClosed()) subsegment.close();
  });
  rows.on(errorMonitor, (error: Error) => {
    if (!subsegment.isClosed()) subsegment.close(error);
  });
}

/** mysql2's `Query` has a `then` that throws. */
export function isPromise(value: unknown): value is Promise<unknown> {
  const { then, constructor: maker } = (value ?? {}) as { then?: unknown; constructor?: { name?: string } };
  return typeof then === "function" && maker?.name !== "Query";
}
