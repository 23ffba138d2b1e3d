import { resolveSegment, runWithinSegment, type SegmentLike } from "./context.ts";
import { getLogger } from "./logger.ts";
import type { Subsegment } from "./subsegment.ts";

/** Runs a function within a new subsegment, which ends with it. */
export function captureFunc<T>(name: string, fcn: (subsegment?: Subsegment) => T, parent?: SegmentLike): T {
  return capture(name, fcn, parent, (subsegment) => subsegment.close());
}

/** Runs a function within a new subsegment, which the function has to close. */
export function captureAsyncFunc<T>(name: string, fcn: (subsegment?: Subsegment) => T, parent?: SegmentLike): T {
  return capture(name, fcn, parent, () => undefined);
}

/** A callback that runs within a new subsegment. Until it has run, the segment that surrounds stays open. */
export function captureCallbackFunc<S extends unknown[], T>(
  name: string,
  fcn: (...args: S) => T,
  parent?: SegmentLike,
): (...args: S) => T {
  validate(name, fcn);
  const base = resolveSegment(parent);
  if (!base) {
    getLogger().warn(`Nothing surrounds ${name}: the callback is not captured.`);
    return fcn;
  }
  base.incrementCounter();
  return (...args) => {
    try {
      return captureFunc(name, () => fcn(...args), resolveSegment(parent) ?? parent);
    } finally {
      base.decrementCounter();
    }
  };
}

function capture<T>(
  name: string,
  fcn: (subsegment?: Subsegment) => T,
  parent: SegmentLike | undefined,
  end: (subsegment: Subsegment) => void,
): T {
  validate(name, fcn);
  const surrounding = resolveSegment(parent);
  if (!surrounding) {
    getLogger().warn(`Nothing surrounds ${name}: it is not captured.`);
    return fcn();
  }
  const subsegment = surrounding.addNewSubsegment(name);
  try {
    const result = runWithinSegment(subsegment, fcn);
    end(subsegment);
    return result;
  } catch (error) {
    subsegment.close(error as Error);
    throw error;
  }
}

function validate(name: unknown, fcn: unknown): void {
  const problem =
    name === "" || typeof name !== "string"
      ? 'Param "name" must be a non-empty string.'
      : typeof fcn !== "function"
        ? 'Param "fcn" must be a function.'
        : undefined;
  if (problem === undefined) return;
  getLogger().error(problem);
  throw new Error(problem);
}
