import { expect, it } from "vitest";
import { parseTraceId, traceIdSeconds } from "../xray/trace-id.ts";
import { XRayIdGenerator } from "./xray-id-generator.ts";

const ids = new XRayIdGenerator();

it("a trace id begins with the time in seconds", () => {
  const before = Math.floor(Date.now() / 1_000);
  const seconds = traceIdSeconds(parseTraceId(ids.generateTraceId())!);
  expect(seconds).toBeGreaterThanOrEqual(before);
  expect(seconds).toBeLessThanOrEqual(Math.floor(Date.now() / 1_000));
});

it("ids are hex of the right length, and no two are alike", () => {
  const spanIds = Array.from({ length: 5_000 }, () => ids.generateSpanId());
  expect(spanIds.every((id) => /^[0-9a-f]{16}$/.test(id))).toBe(true);
  expect(new Set(spanIds).size).toBe(spanIds.length);
  const traceIds = Array.from({ length: 5_000 }, () => ids.generateTraceId());
  expect(traceIds.every((id) => /^[0-9a-f]{32}$/.test(id))).toBe(true);
  expect(new Set(traceIds).size).toBe(traceIds.length);
});
