import type { Comparison } from "../analysis/compare-traces.ts";
import type { Trace } from "../trace/trace.ts";
import { cleanText } from "./term/clean-text.ts";
import { describeDifferences, drawComparison } from "./term/draw-comparison.ts";
import { cutMiddle, spread } from "./term/fit-text.ts";
import type { Style } from "./term/style.ts";
import { describeMoment, describeTrace, drawFact, drawLink } from "./trace-report.ts";

interface Look {
  readonly style: Style;
  readonly mostRows: number;
  readonly link: string;
}

/** Two traces compared: what they were, their rows side by side, what differs most. */
export function drawDiff(
  traces: { readonly a: Trace; readonly b: Trace },
  comparison: Comparison,
  { style, mostRows, link }: Look,
): string[] {
  const { paint, glyphs } = style;
  const title = (name: string, trace: Trace): string[] => {
    const { text, time } = describeTrace(trace);
    const shown = cutMiddle(cleanText(text, glyphs), style.width - time.length - 5, glyphs);
    return [
      spread(`${paint.bold(name)}  ${shown}`, time, style.width),
      paint.dim(`   ${describeMoment(trace, style.width - 3, style)}`),
    ];
  };
  const differences = describeDifferences(comparison, glyphs);
  return [
    ...title("A", traces.a),
    ...title("B", traces.b),
    "",
    ...drawComparison(comparison, style, mostRows),
    "",
    ...(differences.length === 0
      ? drawFact("Most", "nothing took noticeably longer in one of them.", style, paint.bold)
      : differences.flatMap((text, index) => drawFact(index === 0 ? "Most" : "", text, style, paint.bold))),
    ...drawLink("Open", link, style),
  ];
}
