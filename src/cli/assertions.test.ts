import { describe, expect, it } from "vitest";
import { judge, readAssertion } from "./assertions.ts";
import { type CallOutcome, callFigures } from "./call-figures.ts";
import { drawVerdicts } from "./term/draw-verdicts.ts";
import { widthOf } from "./term/fit-text.ts";
import { makeStyle } from "./term/style.ts";

const calls: CallOutcome[] = [
  ...Array.from({ length: 18 }, (_, index) => ({ ms: 10 + index, traceId: "a", status: 200 })),
  { ms: 200, traceId: "b", status: 429 },
  { ms: 400, traceId: "c", status: 503 },
];

const met = (text: string, outcomes = calls): boolean =>
  judge([readAssertion(text)], outcomes, callFigures(outcomes, 1_000))[0]!.isMet;

describe("an assertion", () => {
  it.each([
    ["p95<=200ms", true],
    ["p95<200ms", false],
    ["p99.9 < 0.5 s", true],
    ["max>=400ms", true],
    ["min<10ms", false],
    ["mean<1s", true],
    ["faults==1", true],
    ["faults==0", false],
    ["errors==1", true],
    ["throttles<1", false],
    ["failures<=10%", true],
    ["failures<5%", false],
    ["calls==20", true],
    ["rate>=20/s", true],
    ["status==200", false],
    ["status<504", true],
  ])("%s of twenty calls, two of which went wrong, is met: %s", (text, expected) => {
    expect(met(text)).toBe(expected);
  });

  it("about times is not met where no call came back", () => {
    expect(met("p50<1s", [])).toBe(false);
    expect(met("calls==0", [])).toBe(true);
  });

  it.each([
    ["p95", '"p95" is no assertion. Write it as'],
    ["p95<300", "a time wants a unit: ms, s or m."],
    ["faults<3ms", "a count is a number, or a share of all calls in %."],
    ["fautls==0", '--assert knows no "fautls". Did you mean "faults"?'],
    ["toString==0", '--assert knows no "toString".'],
  ])("%s is a mistake that is explained", (text, message) => {
    expect(() => readAssertion(text)).toThrow(message);
  });
});

describe("verdicts", () => {
  const verdicts = judge(["p95<300ms", "failures<5%"].map(readAssertion), calls, callFigures(calls, 1_000));

  it("are drawn with what was measured", () => {
    expect(drawVerdicts(verdicts, makeStyle()).join("\n")).toBe("✓ p95<300ms    200 ms\n✖ failures<5%  10 %");
  });

  it("are never wider than the terminal", () => {
    const long = [{ ...verdicts[0]!, assertion: { ...verdicts[0]!.assertion, text: "x\u001b]0;".repeat(60) } }];
    for (const line of drawVerdicts(long, makeStyle({ columns: 60 }))) {
      expect(widthOf(line)).toBeLessThanOrEqual(60);
      expect(line).not.toContain("\u001b");
    }
  });
});
