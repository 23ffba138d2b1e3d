import { type FormEvent, type ReactElement, useState } from "react";
import { presets, type TimeSpan, writeLast } from "../address/time-span.ts";
import { formatMoment, formatTime } from "../ui/format.ts";
import { Icon } from "../ui/icon.tsx";
import { Popover } from "../ui/popover.tsx";

export interface SpanPickerProps {
  readonly span: TimeSpan;
  readonly onPick: (span: TimeSpan) => void;
}

/** The time that map, list and figures are about. */
export function SpanPicker({ span, onPick }: SpanPickerProps): ReactElement {
  const shown = describe(span);
  return (
    <Popover
      label={`Time range: ${shown}`}
      button={
        <>
          <Icon name="clock" size={14} />
          <span className="tabular">{shown}</span>
          <Icon name="down" size={12} />
        </>
      }
    >
      {(close) => (
        <SpanForm
          span={span}
          onPick={(picked) => {
            onPick(picked);
            close();
          }}
        />
      )}
    </Popover>
  );
}

function SpanForm({ span, onPick }: SpanPickerProps): ReactElement {
  const [now] = useState(() => Date.now() / 1000);
  const [from, setFrom] = useState(toLocal(span.kind === "between" ? span.startSeconds : now - span.seconds));
  const [to, setTo] = useState(toLocal(span.kind === "between" ? span.endSeconds : now));
  const startSeconds = Date.parse(from) / 1000;
  const endSeconds = Date.parse(to) / 1000;
  const isRight = startSeconds < endSeconds;

  const pickBetween = (event: FormEvent): void => {
    event.preventDefault();
    if (isRight) onPick({ kind: "between", startSeconds, endSeconds });
  };
  return (
    <div className="span-form">
      <ul>
        {presets.map(({ text, label, seconds }) => (
          <li key={text}>
            <button
              type="button"
              className="quiet"
              aria-pressed={span.kind === "last" && span.seconds === seconds}
              onClick={() => onPick({ kind: "last", seconds })}
            >
              {label}
            </button>
          </li>
        ))}
      </ul>
      <form onSubmit={pickBetween}>
        <label>
          From
          <input type="datetime-local" step="1" value={from} onChange={(event) => setFrom(event.target.value)} />
        </label>
        <label>
          To
          <input type="datetime-local" step="1" value={to} onChange={(event) => setTo(event.target.value)} />
        </label>
        {!isRight && <p className="state-text fault">The end must come after the start.</p>}
        <button type="submit" disabled={!isRight}>
          Show this range
        </button>
      </form>
    </div>
  );
}

function describe(span: TimeSpan): string {
  if (span.kind === "last") {
    return presets.find(({ seconds }) => seconds === span.seconds)?.label ?? `Last ${writeLast(span.seconds)}`;
  }
  return `${formatMoment(span.startSeconds).replace(/\.\d+$/, "")} – ${formatTime(span.endSeconds)}`;
}

/** As the browser's own field for local times wants it. */
function toLocal(seconds: number): string {
  const date = new Date(seconds * 1000);
  return new Date(date.getTime() - date.getTimezoneOffset() * 60_000).toISOString().slice(0, 19);
}
