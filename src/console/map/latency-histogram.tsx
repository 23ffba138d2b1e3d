import type { ReactElement } from "react";
import { Link } from "wouter";
import { formatDuration, plural } from "../ui/format.ts";
import { type Bin, binHistogram } from "./bin-histogram.ts";
import type { Figures } from "./map-view.ts";

export interface LatencyHistogramProps {
  readonly figures: Figures;
  /** The list of the traces whose calls took so long; absent where no filter can say it. */
  readonly addressOf: (bin: Bin) => string;
}

const mostBins = 28;

/** How many calls took how long. Each bar leads to its traces. */
export function LatencyHistogram({ figures, addressOf }: LatencyHistogramProps): ReactElement {
  const bins = binHistogram(figures.histogram, mostBins);
  const most = Math.max(1, ...bins.map((bin) => bin.count));
  return (
    <figure className="latency">
      <ul>
        {bins.map((bin) => {
          const range = `${formatDuration(bin.fromSeconds)} to ${formatDuration(bin.toSeconds)}`;
          const text = `${plural(bin.count, "call")} of ${range}`;
          return (
            <li key={bin.fromSeconds}>
              {bin.count > 0 && (
                <Link href={addressOf(bin)} title={text} aria-label={`${text}: show the traces`}>
                  <span style={{ height: `${Math.max(4, (100 * bin.count) / most)}%` }} />
                </Link>
              )}
            </li>
          );
        })}
      </ul>
      <figcaption className="muted tabular">
        <span>{formatDuration(bins[0]?.fromSeconds)}</span>
        <span>{formatDuration(bins.at(-1)?.toSeconds)}</span>
      </figcaption>
    </figure>
  );
}
