import type { ReactElement } from "react";
import type { OverlaidBin } from "../../analysis/overlay-histograms.ts";
import { formatDuration, formatShare } from "../ui/format.ts";

const width = 640;
const height = 120;

export interface OverlaidHistogramProps {
  readonly bins: readonly OverlaidBin[];
  readonly totalA: number;
  readonly totalB: number;
}

/** How long the traces of both sets took, as shares of each: A as an area, B as a line over it. */
export function OverlaidHistogram({ bins, totalA, totalB }: OverlaidHistogramProps): ReactElement {
  const shareOf = (count: number, total: number): number => (total === 0 ? 0 : count / total);
  const most = bins.reduce((top, { a, b }) => Math.max(top, shareOf(a, totalA), shareOf(b, totalB)), 1e-9);
  const step = width / Math.max(1, bins.length);
  const path = (side: "a" | "b", total: number): string => {
    const tops = bins.map((bin) => height - (shareOf(bin[side], total) / most) * (height - 6));
    return `M0 ${height}${tops.map((top, at) => `V${top.toFixed(1)}H${((at + 1) * step).toFixed(1)}`).join("")}V${height}`;
  };
  return (
    <figure className="overlaid">
      <svg viewBox={`0 0 ${width} ${height}`} preserveAspectRatio="none" role="img" aria-label={words(bins)}>
        <path d={path("a", totalA)} className="overlaid-a" />
        <path d={path("b", totalB)} className="overlaid-b" />
        {bins.map((bin, at) => (
          <rect key={bin.fromSeconds} x={at * step} y={0} width={step} height={height} className="overlaid-hit">
            <title>
              {`${formatDuration(bin.fromSeconds)} to ${formatDuration(bin.toSeconds)}: A ${formatShare(bin.a, totalA)}, B ${formatShare(bin.b, totalB)}`}
            </title>
          </rect>
        ))}
      </svg>
      <figcaption className="muted tabular">
        <span>{formatDuration(bins[0]?.fromSeconds)}</span>
        <span>
          <span className="key-a">A</span> <span className="key-b">B</span> share of each, by duration
        </span>
        <span>{formatDuration(bins.at(-1)?.toSeconds)}</span>
      </figcaption>
    </figure>
  );
}

function words(bins: readonly OverlaidBin[]): string {
  const peak = (side: "a" | "b"): string =>
    formatDuration(bins.reduce((best, bin) => (bin[side] > best[side] ? bin : best), bins[0]!).fromSeconds);
  return bins.length === 0
    ? "No durations"
    : `Durations: most of A took about ${peak("a")}, most of B about ${peak("b")}`;
}
