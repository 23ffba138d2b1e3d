import { memo, type ReactElement } from "react";
import { Link } from "wouter";
import type { WireTraceSummary } from "../../api/wire.ts";
import { formatDay, formatDuration, formatMoment, formatTime, plural } from "../ui/format.ts";
import { serviceColour } from "../ui/service-colour.ts";
import { StateMark } from "../ui/state-mark.tsx";
import { entryWords, hiddenTroubles, rootCauseLine, servicesOf, traceState } from "./summary-words.ts";

export interface TraceRowProps {
  readonly trace: WireTraceSummary;
  /** From 1, of so many; -1 while nobody knows how many there are. */
  readonly position: number;
  readonly count: number;
  readonly longestSeconds: number;
  readonly href: string;
  readonly top: number;
  readonly height: number;
  readonly onFocus: (id: string) => void;
}

const mostDots = 6;

/** One trace of the list: how it went, what was asked, how long it took, who took part, when. */
export const TraceRow = memo(function TraceRow(props: TraceRowProps): ReactElement {
  const { trace, position, count, longestSeconds, href, top, height, onFocus } = props;
  const { method, title, service } = entryWords(trace);
  const state = traceState(trace);
  const services = servicesOf(trace);
  const cause = rootCauseLine(trace);
  const seconds = trace.ResponseTime ?? trace.Duration;
  const status = trace.Http.HttpStatus;
  return (
    <li
      className={`trace-row ${state}`}
      aria-posinset={position}
      aria-setsize={count}
      style={{ height, transform: `translateY(${top}px)` }}
    >
      <span className={`trace-status state-text ${state}`}>
        <StateMark state={state} />
        <b className="tabular">{status ?? (trace.IsPartial ? "…" : "")}</b>
      </span>
      <span className="trace-title">
        <Link href={href} data-id={trace.Id} onFocus={() => onFocus(trace.Id)}>
          {method !== undefined && <b className="method">{method}</b>}
          <span className="url">{title}</span>
        </Link>
        {service !== title && <span className="muted trace-service">{service}</span>}
        {trace.IsPartial && <span className="tag">in progress</span>}
        {hiddenTroubles(trace).map((trouble) => (
          <span key={trouble} className="tag warn">
            {trouble}
          </span>
        ))}
        {cause !== undefined && <span className={`trace-cause state-text ${state}`}>{cause}</span>}
      </span>
      <span className="trace-duration">
        <span className="duration-track" aria-hidden="true">
          <span
            className={state}
            style={{ width: `${longestSeconds === 0 ? 0 : (100 * seconds) / longestSeconds}%` }}
          />
        </span>
        <span className="tabular">{formatDuration(seconds)}</span>
      </span>
      <span className="trace-services" title={services.join(", ")}>
        <span aria-hidden="true" className="dots">
          {services.slice(0, mostDots).map((name) => (
            <i key={name} style={{ background: serviceColour(name) }} />
          ))}
        </span>
        <span className="muted">{plural(services.length, "service")}</span>
      </span>
      <span className="trace-time tabular muted" title={formatMoment(trace.StartTime)}>
        {formatDay(trace.StartTime, Date.now() / 1000).replace(/ \d{4}$/, "")} {formatTime(trace.StartTime)}
      </span>
    </li>
  );
});
