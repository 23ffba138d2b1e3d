import { afterEach, expect, it, vi } from "vitest";
import { captureAsyncFunc, captureCallbackFunc, captureFunc } from "./capture.ts";
import {
  enableAutomaticMode,
  enableManualMode,
  getSegment,
  resolveManualSegmentParams,
  setSegment,
} from "./context.ts";
import { setContextMissingStrategy } from "./context-missing.ts";
import { getLogger, setLogger } from "./logger.ts";
import { namespace } from "./namespace.ts";
import { Segment } from "./segment.ts";

const log = { debug: vi.fn(), info: vi.fn(), warn: vi.fn(), error: vi.fn() };
setLogger(log);

afterEach(() => {
  enableAutomaticMode();
  setContextMissingStrategy("LOG_ERROR");
  vi.clearAllMocks();
});

/** Runs a function within a segment that is not sent. */
function within<T>(run: (segment: Segment) => T): T {
  return namespace.runAndReturn(() => {
    const segment = new Segment("shop");
    segment.notTraced = true;
    setSegment(segment);
    return run(segment);
  });
}

it("a function that is captured answers, and its subsegment ends with it", () => {
  within((segment) => {
    expect(captureFunc("brew", (brew) => [brew === getSegment(), brew?.isClosed()])).toEqual([true, false]);
    expect(segment.subsegments?.[0]?.isClosed()).toBe(true);
    expect(segment.counter).toBe(0);
  });
});

it("an asynchronous one ends when it says so, or when it cannot even begin", () => {
  within((segment) => {
    captureAsyncFunc("brew", () => undefined);
    expect(segment.counter).toBe(1);
    const fail = () => captureAsyncFunc("fail", () => void JSON.parse("{"));
    expect(fail).toThrow(SyntaxError);
    expect(segment.subsegments?.[1]).toMatchObject({ fault: true });
    expect(segment.counter).toBe(1);
  });
});

it("a callback keeps the segment open until it has run, whether it throws or not, and hands its result on", () => {
  within((segment) => {
    const poured = captureCallbackFunc("pour", (cups: number) => cups + 1);
    const dropped = captureCallbackFunc("drop", () => void JSON.parse("{"));
    segment.close();
    expect(segment.counter).toBe(2);
    expect(poured(2)).toBe(3);
    expect(dropped).toThrow(SyntaxError);
    expect(segment.counter).toBe(0);
  });
});

it("outside of any segment functions still run, and what is done about it can be said", () => {
  expect(captureFunc("alone", () => "tea")).toBe("tea");
  expect(log.error).toHaveBeenCalledOnce();
  setContextMissingStrategy("IGNORE_ERROR");
  expect(getSegment()).toBeUndefined();
  expect(log.error).toHaveBeenCalledOnce();
  setContextMissingStrategy("runtime_error" as "RUNTIME_ERROR");
  expect(() => getSegment()).toThrow("Failed to get the current sub/segment");
  const own = vi.fn();
  setContextMissingStrategy(own);
  getSegment();
  expect(own).toHaveBeenCalledOnce();
  expect(() => setContextMissingStrategy("SOMEHOW" as "LOG_ERROR")).toThrow("Invalid context missing strategy");
});

it("names and functions that are none are refused", () => {
  expect(() => captureFunc("", () => undefined)).toThrow("name");
  expect(() => captureFunc("brew", undefined as unknown as () => void)).toThrow("fcn");
});

it("in manual mode a segment goes by hand, as an argument or among parameters", () => {
  enableManualMode();
  const segment = new Segment("shop");
  segment.notTraced = true;
  expect(captureFunc("brew", (brew) => brew?.parent === segment, segment)).toBe(true);
  const parameters = { XRaySegment: segment, path: "/" };
  expect(resolveManualSegmentParams(parameters)).toBe(segment);
  expect(parameters).toEqual({ path: "/" });
  expect(resolveManualSegmentParams({ Segment: "none" })).toBeUndefined();
  expect(getLogger()).toBe(log);
});

it("a segment that is set where nothing was run is there from then on", async () => {
  await Promise.resolve().then(() => {
    const segment = new Segment("shop");
    setSegment(segment);
    expect(getSegment()).toBe(segment);
  });
});
