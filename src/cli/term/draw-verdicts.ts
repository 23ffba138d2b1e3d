import type { Verdict } from "../assertions.ts";
import { cleanText } from "./clean-text.ts";
import { cut, padEnd, widthOf } from "./fit-text.ts";
import { duration, grouped, percent } from "./format.ts";
import type { Style } from "./style.ts";

/** What was asserted, each with a mark and with what was measured. */
export function drawVerdicts(verdicts: readonly Verdict[], { glyphs, paint, width }: Style): string[] {
  const texts = verdicts.map(({ assertion }) => cleanText(assertion.text, glyphs));
  const column = Math.min(Math.max(0, ...texts.map(widthOf)), Math.floor(width / 2));
  return verdicts.map((verdict, index) => {
    const { isMet } = verdict;
    const sign = isMet ? glyphs.check : glyphs.marks.fault;
    const text = padEnd(cut(texts[index]!, column, glyphs), column);
    const line = cut(`${sign} ${text}  ${describeValue(verdict)}`, width, glyphs);
    return isMet ? paint.ok(line) : paint.fault(line);
  });
}

/** What was measured, in the unit in which the limit was given. */
export function describeValue({ value, assertion: { unit } }: Verdict): string {
  if (value === undefined) return "nothing to measure";
  switch (unit) {
    case "time":
      return duration(value);
    case "share":
      return percent(value);
    case "rate":
      return `${value.toFixed(1)}/s`;
    case "number":
      return grouped(value);
    default:
      return unit satisfies never;
  }
}
