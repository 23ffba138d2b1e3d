import type { ReactElement } from "react";

export interface SparklineProps {
  /** What it shows, in words, for those who do not see it. */
  readonly label: string;
  readonly values: readonly number[];
  /** Drawn over the values on the same scale: what went wrong of them. */
  readonly marked?: readonly number[];
}

const width = 110;
const height = 24;

/** Figures over time as one small picture. */
export function Sparkline({ label, values, marked }: SparklineProps): ReactElement {
  const most = values.reduce((top, value) => Math.max(top, value), 0);
  const step = width / Math.max(1, values.length);
  const area = (of: readonly number[]): string => {
    const tops = of.map((value) => height - (most === 0 ? 0 : (value / most) * (height - 2)));
    return `M0 ${height}${tops.map((top, at) => `V${top.toFixed(1)}H${((at + 1) * step).toFixed(1)}`).join("")}V${height}Z`;
  };
  return (
    <svg
      className="sparkline"
      viewBox={`0 0 ${width} ${height}`}
      preserveAspectRatio="none"
      role="img"
      aria-label={label}
    >
      {most > 0 && <path d={area(values)} />}
      {most > 0 && marked?.some((value) => value > 0) && <path d={area(marked)} className="marked" />}
    </svg>
  );
}
