import { memo, type ReactElement } from "react";
import { Link } from "wouter";
import type { WireTraceSummary } from "../../api/wire.ts";
import { formatCount, formatDay, formatDuration, formatMoment, formatTime, plural } from "../ui/format.ts";
import { serviceColour } from "../ui/service-colour.ts";
import { StateMark } from "../ui/state-mark.tsx";
import { entryWords, rootCauseLine, servicesOf, traceState } from "./summary-words.ts";
import { TraceBadges } from "./trace-badges.tsx";

export interface TraceRowProps {
  readonly trace: WireTraceSummary;
  /** From 2: the heads are the first row. */
  readonly position: number;
  readonly longestSeconds: number;
  readonly isPicked: boolean;
  readonly href: string;
  readonly top: number;
  readonly height: number;
  readonly onFocus: (id: string) => void;
  readonly onPick: (id: string) => void;
}

const mostDots = 6;

/** One trace of the list: how it went, what was asked, how long it took, who took part, when. */
export const TraceRow = memo(function TraceRow(props: TraceRowProps): ReactElement {
  const { trace, position, longestSeconds, isPicked, href, top, height, onFocus, onPick } = props;
  const { method, title, service } = entryWords(trace);
  const state = traceState(trace);
  const services = servicesOf(trace);
  const cause = rootCauseLine(trace);
  const seconds = trace.ResponseTime ?? trace.Duration;
  const status = trace.Http.HttpStatus;
  return (
    <tr
      className={`trace-row ${state}${isPicked ? " picked" : ""}`}
      aria-rowindex={position}
      style={{ height, transform: `translateY(${top}px)` }}
    >
      <td className="trace-pick">
        <input
          type="checkbox"
          checked={isPicked}
          aria-label={`Pick ${title} for comparing`}
          title="Pick two to compare them (x)"
          onChange={() => onPick(trace.Id)}
        />
      </td>
      <td className={`trace-status state-text ${state}`}>
        <StateMark state={state} />
        <b className="tabular">{status ?? (trace.IsPartial ? "…" : "")}</b>
      </td>
      <td className="trace-title">
        <Link href={href} data-id={trace.Id} onFocus={() => onFocus(trace.Id)}>
          {method !== undefined && <b className="method">{method}</b>}
          <span className="url">{title}</span>
        </Link>
        {service !== title && <span className="muted trace-service">{service}</span>}
        <TraceBadges trace={trace} />
        {cause !== undefined && <span className={`trace-cause state-text ${state}`}>{cause}</span>}
      </td>
      <td className="trace-duration">
        <span className="duration-track" aria-hidden="true">
          <span
            className={state}
            style={{ width: `${longestSeconds === 0 ? 0 : (100 * seconds) / longestSeconds}%` }}
          />
        </span>
        <span className="tabular">{formatDuration(seconds)}</span>
      </td>
      <td className="trace-segments tabular muted">
        {trace.SegmentCount === undefined ? "" : formatCount(trace.SegmentCount)}
      </td>
      <td className="trace-services" title={services.join(", ")}>
        <span aria-hidden="true" className="dots">
          {services.slice(0, mostDots).map((name) => (
            <i key={name} style={{ background: serviceColour(name) }} />
          ))}
        </span>
        <span className="muted">{plural(services.length, "service")}</span>
      </td>
      <td className="trace-time tabular muted" title={formatMoment(trace.StartTime)}>
        {formatDay(trace.StartTime, Date.now() / 1000).replace(/ \d{4}$/, "")} {formatTime(trace.StartTime)}
      </td>
    </tr>
  );
});
