import type { ReactElement } from "react";
import type { Heatmap } from "../../analysis/heatmap.ts";
import type { Size } from "../map/viewport.ts";
import { formatDuration, formatTime, plural } from "../ui/format.ts";
import { countIn, type HeatBox, type HeatFigures, meaningOf } from "./heat-box.ts";
import type { HeatScale } from "./heat-scale.ts";

export interface HeatHintProps {
  readonly heatmap: Heatmap;
  readonly scale: HeatScale;
  readonly size: Size;
  readonly box: HeatBox;
}

const width = 230;

/** What is in the part that is pointed at or chosen, beside it. */
export function HeatHint({ heatmap, scale, size, box }: HeatHintProps): ReactElement {
  const right = scale.x(box.toColumn + 1) + 10;
  const left = right + width > size.width ? Math.max(4, scale.x(box.fromColumn) - width - 10) : right;
  return (
    <output
      className="heat-hint"
      style={{ left, top: Math.max(2, Math.min(size.height - 46, scale.y(box.toRow) - 8)) }}
    >
      <b>{figuresText(countIn(heatmap, box))}</b>
      <span className="muted tabular">{boxText(heatmap, box)}</span>
    </output>
  );
}

/** `1,204 traces, 3 faults`. */
function figuresText({ traces, faults, errors, throttles }: HeatFigures): string {
  const parts = [plural(traces, "trace")];
  if (faults > 0) parts.push(plural(faults, "fault"));
  if (errors > 0) parts.push(plural(errors, "error"));
  if (throttles > 0) parts.push(plural(throttles, "throttle"));
  return parts.join(", ");
}

/** `12:03:10 – 12:04:30, 47 ms – 100 ms`. */
function boxText(heatmap: Heatmap, box: HeatBox): string {
  const { startSeconds, endSeconds, shortestSeconds, longestSeconds } = meaningOf(heatmap, box);
  return `${formatTime(startSeconds)} – ${formatTime(endSeconds)}, ${durationsText(shortestSeconds, longestSeconds)}`;
}

function durationsText(shortest: number | undefined, longest: number | undefined): string {
  if (shortest === undefined) return longest === undefined ? "any duration" : `below ${formatDuration(longest)}`;
  if (longest === undefined) return `from ${formatDuration(shortest)}`;
  return `${formatDuration(shortest)} – ${formatDuration(longest)}`;
}
