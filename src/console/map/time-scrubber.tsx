import type { ReactElement } from "react";
import { formatTime, plural } from "../ui/format.ts";
import { states } from "../ui/health-states.ts";
import { Icon } from "../ui/icon.tsx";
import { countsOf, sumOf } from "./count-points.ts";
import type { Replay } from "./use-replay.ts";

export interface TimeScrubberProps {
  readonly replay: Replay;
  /** Start of the step that is shown; absent: the whole range. */
  readonly atSeconds: number | undefined;
  readonly onStep: (atSeconds: number | undefined) => void;
}

const height = 26;

/** The range beneath the map: what entered when, and which step of it the map shows. */
export function TimeScrubber({ replay, atSeconds, onStep }: TimeScrubberProps): ReactElement {
  const { startSeconds, endSeconds, periodSeconds, points, isPlaying, togglePlaying } = replay;
  const first = Math.floor(startSeconds / periodSeconds);
  const last = Math.max(first, Math.ceil(endSeconds / periodSeconds) - 1);
  const slots = last - first + 1;
  const bars = points.map((point) => {
    const counts = countsOf(point);
    return { slot: Math.round(point.Timestamp / periodSeconds) - first, counts, total: sumOf(counts) };
  });
  const most = Math.max(1, ...bars.map(({ total }) => total));
  const slot = atSeconds === undefined ? undefined : Math.round(atSeconds / periodSeconds) - first;
  const shown = bars.find((bar) => bar.slot === slot);
  const text =
    atSeconds === undefined
      ? `${shortTime(startSeconds)} to ${shortTime(endSeconds)}`
      : `${formatTime(atSeconds)} to ${formatTime(atSeconds + periodSeconds)}: ${plural(shown?.total ?? 0, "trace")}`;
  return (
    <fieldset className={atSeconds === undefined ? "time-scrubber" : "time-scrubber stepping"} aria-label="Time">
      <button
        type="button"
        className="quiet icon-only"
        aria-label={isPlaying ? "Pause" : "Replay the range"}
        title={isPlaying ? "Pause" : "Replay the range"}
        onClick={togglePlaying}
      >
        <Icon name={isPlaying ? "pause" : "play"} size={14} />
      </button>
      <div className="scrubber-track">
        <svg viewBox={`0 0 ${slots} ${height}`} preserveAspectRatio="none" aria-hidden="true">
          {slot !== undefined && <rect className="shown" x={slot} y={0} width={1} height={height} />}
          {bars.map(({ slot: at, counts }) => {
            let bottom = height;
            return (
              <g key={at}>
                {states.map((state) => {
                  const part = (counts[state] / most) * (height - 2);
                  bottom -= part;
                  return (
                    part > 0 && <rect key={state} className={state} x={at + 0.1} y={bottom} width={0.8} height={part} />
                  );
                })}
              </g>
            );
          })}
        </svg>
        <input
          type="range"
          aria-label="Step of the range"
          aria-valuetext={text}
          min={0}
          max={last - first}
          step={1}
          value={Math.min(last - first, Math.max(0, slot ?? last - first))}
          onChange={(event) => onStep((first + Number(event.target.value)) * periodSeconds)}
        />
      </div>
      <span className="muted tabular scrubber-text">{text}</span>
      <button type="button" className="quiet" hidden={atSeconds === undefined} onClick={() => onStep(undefined)}>
        Whole range
      </button>
    </fieldset>
  );
}

function shortTime(seconds: number): string {
  return formatTime(seconds).slice(0, 5);
}
