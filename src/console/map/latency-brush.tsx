import { type PointerEvent, type ReactElement, useRef, useState } from "react";
import { Link } from "wouter";
import { formatDuration, formatShare, plural } from "../ui/format.ts";
import { type Bin, binHistogram } from "./bin-histogram.ts";
import type { Figures } from "./figures.ts";

export interface LatencyBrushProps {
  readonly figures: Figures;
  /** The list of the traces whose calls took so long. */
  readonly addressOf: (range: Pick<Bin, "fromSeconds" | "toSeconds">) => string;
  /** Narrows what the map shows down to them. */
  readonly onNarrow: (range: Pick<Bin, "fromSeconds" | "toSeconds">) => void;
}

const mostBins = 28;

/** Bars from the first to the last that is chosen. */
interface Brush {
  readonly first: number;
  readonly last: number;
}

/** How many calls took how long. Dragging, or its two handles, choose from how long to how long. */
export function LatencyBrush({ figures, addressOf, onNarrow }: LatencyBrushProps): ReactElement {
  const bins = binHistogram(figures.histogram, mostBins);
  const most = Math.max(1, ...bins.map((bin) => bin.count));
  const [brush, setBrush] = useState<Brush>();
  const plot = useRef<HTMLDivElement>(null);
  const from = useRef<number>(undefined);
  const end = bins.length - 1;
  const { first, last } = {
    first: Math.min(end, Math.max(0, brush?.first ?? 0)),
    last: Math.min(end, Math.max(0, brush?.last ?? end)),
  };
  const chosen = bins.slice(first, last + 1);
  const count = chosen.reduce((sum, bin) => sum + bin.count, 0);
  const range = { fromSeconds: chosen[0]?.fromSeconds ?? 0, toSeconds: chosen.at(-1)?.toSeconds ?? 0 };
  const words = `${formatDuration(range.fromSeconds)} to ${formatDuration(range.toSeconds)}`;

  const binAt = (event: PointerEvent): number => {
    const { left, width } = plot.current!.getBoundingClientRect();
    return Math.min(end, Math.max(0, Math.floor(((event.clientX - left) / width) * bins.length)));
  };
  const spread = (at: number): void => {
    const start = from.current ?? at;
    setBrush({ first: Math.min(start, at), last: Math.max(start, at) });
  };
  return (
    <figure className="latency">
      <div
        ref={plot}
        className="latency-bars"
        onPointerDown={(event) => {
          event.currentTarget.setPointerCapture(event.pointerId);
          from.current = binAt(event);
          spread(from.current);
        }}
        onPointerMove={(event) => from.current !== undefined && spread(binAt(event))}
        onPointerUp={() => {
          from.current = undefined;
        }}
        onPointerCancel={() => {
          from.current = undefined;
        }}
      >
        {bins.map((bin, at) => (
          <span
            key={bin.fromSeconds}
            className={at >= first && at <= last ? "bar" : "bar out"}
            title={`${plural(bin.count, "call")} of ${formatDuration(bin.fromSeconds)} to ${formatDuration(bin.toSeconds)}`}
          >
            {bin.count > 0 && <span style={{ height: `${Math.max(4, (100 * bin.count) / most)}%` }} />}
          </span>
        ))}
      </div>
      <div className="latency-handles">
        <input
          type="range"
          aria-label="From"
          aria-valuetext={formatDuration(range.fromSeconds)}
          min={0}
          max={Math.max(0, end)}
          value={first}
          onChange={(event) => setBrush({ first: Math.min(Number(event.target.value), last), last })}
        />
        <input
          type="range"
          aria-label="To"
          aria-valuetext={formatDuration(range.toSeconds)}
          min={0}
          max={Math.max(0, end)}
          value={last}
          onChange={(event) => setBrush({ first, last: Math.max(Number(event.target.value), first) })}
        />
      </div>
      <figcaption className="muted tabular">
        <span>{formatDuration(bins[0]?.fromSeconds)}</span>
        <span>{formatDuration(bins.at(-1)?.toSeconds)}</span>
      </figcaption>
      {brush !== undefined && (
        <div className="latency-chosen">
          <p className="tabular">
            {words}: {plural(count, "call")}, {formatShare(count, figures.total)}
          </p>
          <Link className="button" href={addressOf(range)}>
            Traces
          </Link>
          <button type="button" onClick={() => onNarrow(range)}>
            Filter the map
          </button>
          <button type="button" className="quiet" onClick={() => setBrush(undefined)}>
            Clear
          </button>
        </div>
      )}
    </figure>
  );
}
