import { expect, it } from "vitest";
import { whyMissing } from "./why-missing.ts";

const nowSeconds = 1_700_000_000;
const hour = 3_600;

it.each([
  ["what is no id", { traceSeconds: undefined }, /not the id of a trace/],
  [
    "a trace that retention has removed",
    { traceSeconds: nowSeconds - 27 * hour, retentionSeconds: 24 * hour },
    /removed it 3 h ago/,
  ],
  [
    "a trace older than all that is kept",
    { traceSeconds: nowSeconds - 2 * hour, retentionSeconds: 24 * hour, oldestSeconds: nowSeconds - hour },
    /oldest trace here is from/,
  ],
  [
    "a trace of now",
    { traceSeconds: nowSeconds - 5, retentionSeconds: 24 * hour, oldestSeconds: nowSeconds - hour },
    /may come yet/,
  ],
  ["a trace of now where nothing is", { traceSeconds: nowSeconds - 5 }, /may come yet/],
])("%s is missing for a reason", (_what, facts, reason) => {
  expect(whyMissing({ nowSeconds, ...facts })).toMatch(reason);
});
