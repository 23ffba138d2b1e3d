import { type PointerEvent, type ReactElement, useState } from "react";
import { create } from "zustand";
import { formatTime } from "../ui/format.ts";
import { areaPath, linePath, roundTop, stepAt } from "./chart-path.ts";

export interface LineChartProps {
  readonly title: string;
  /** The chart in one sentence, for those who do not see it. */
  readonly summary: string;
  readonly seconds: readonly number[];
  readonly lines: readonly Line[];
  readonly format: (value: number) => string;
  /** Called when someone has dragged over a part of the time. */
  readonly onRange: (startSeconds: number, endSeconds: number) => void;
}

interface Line {
  readonly label: string;
  /** Name of a colour in the page's style sheet. */
  readonly colour: string;
  readonly values: readonly (number | undefined)[];
  readonly isFilled?: boolean;
}

const height = 76;
/** Charts beside each other show the same moment. */
const usePointed = create<{ readonly at: number | undefined }>(() => ({ at: undefined }));
const point = (at: number | undefined): void => usePointed.setState({ at });

/** Lines over time; dragging chooses a part of it. */
export function LineChart({ title, summary, seconds, lines, format, onRange }: LineChartProps): ReactElement {
  const pointed = usePointed(({ at }) => at);
  const [from, setFrom] = useState<number>();
  const last = seconds.length - 1;
  const top = roundTop(Math.max(0, ...lines.flatMap(({ values }) => values.map((value) => value ?? 0))));
  const box = { height, top };
  const at = pointed === undefined ? undefined : Math.min(pointed, last);
  const placeOf = (step: number): string => `${(100 * step) / Math.max(1, last)}%`;
  const stepOf = (event: PointerEvent): number => {
    const { left, width } = event.currentTarget.getBoundingClientRect();
    return stepAt((event.clientX - left) / width, seconds.length);
  };
  const choose = (event: PointerEvent): void => {
    const to = stepOf(event);
    if (from !== undefined && from !== to) onRange(seconds[Math.min(from, to)]!, seconds[Math.max(from, to)]!);
    setFrom(undefined);
  };
  return (
    <figure className="line-chart">
      <figcaption>
        <span className="chart-title">{title}</span>
        <span className="chart-legend tabular">
          {at !== undefined && <span>{formatTime(seconds[at]!)}</span>}
          {lines.map(({ label, colour, values }) => (
            <span key={label}>
              <i style={{ background: `var(--${colour})` }} />
              {label}
              {at !== undefined && <b>{values[at] === undefined ? "–" : format(values[at])}</b>}
            </span>
          ))}
        </span>
      </figcaption>
      <div className="chart-scale tabular" aria-hidden="true">
        {[top, top / 2, 0].map((value) => (
          <span key={value}>{format(value)}</span>
        ))}
      </div>
      <div
        className="chart-plot"
        role="img"
        aria-label={summary}
        onPointerDown={(event) => {
          event.currentTarget.setPointerCapture(event.pointerId);
          setFrom(stepOf(event));
        }}
        onPointerMove={(event) => point(stepOf(event))}
        onPointerUp={choose}
        onPointerCancel={() => setFrom(undefined)}
        onPointerLeave={() => point(undefined)}
      >
        <svg viewBox={`0 0 ${Math.max(1, last)} ${height}`} preserveAspectRatio="none" aria-hidden="true">
          {lines.map(({ label, colour, values, isFilled }) => (
            <g key={label} style={{ color: `var(--${colour})` }}>
              {isFilled && <path className="area" d={areaPath(values, box)} />}
              <path d={linePath(values, box)} />
            </g>
          ))}
        </svg>
        {at !== undefined && <i className="chart-cursor" style={{ left: placeOf(at) }} />}
        {from !== undefined && at !== undefined && (
          <i
            className="chart-chosen"
            style={{ left: placeOf(Math.min(from, at)), width: placeOf(Math.abs(at - from)) }}
          />
        )}
      </div>
      <div className="chart-times tabular" aria-hidden="true">
        {[0, Math.round(last / 2), last].map((step, place) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: three places that never move; steps may be the same
          <span key={place}>{formatTime(seconds[step] ?? 0).slice(0, 5)}</span>
        ))}
      </div>
    </figure>
  );
}
