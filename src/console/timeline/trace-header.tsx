import type { ReactElement } from "react";
import { Link } from "wouter";
import type { Skeleton } from "../../analysis/skeleton.ts";
import { spanFlag } from "../../analysis/span-columns.ts";
import { useView } from "../address/use-view.ts";
import { pageAddress } from "../address/view-address.ts";
import { CopyButton } from "../ui/copy-button.tsx";
import { formatDuration, formatMoment, formatShare, plural } from "../ui/format.ts";
import { Icon } from "../ui/icon.tsx";
import { serviceColour } from "../ui/service-colour.ts";
import { StateMark, stateNames } from "../ui/state-mark.tsx";
import { DeleteTrace } from "./delete-trace.tsx";
import { ExportMenu } from "./export-menu.tsx";
import type { PathOfRows } from "./path-of-rows.ts";
import { countFlagged } from "./trace-words.ts";
import { likeTrace } from "./traces-like.ts";
import "../styles/trace-header.css";

export interface TraceHeaderProps {
  readonly trace: Skeleton;
  readonly path: PathOfRows | undefined;
  readonly untilSeconds: number;
}

/** What a trace is about, how it went, how long it took, who took part, and where the time went. */
export function TraceHeader({ trace, path, untilSeconds }: TraceHeaderProps): ReactElement {
  const { view } = useView();
  const { method, title, status, state } = trace.words;
  const failed = countFlagged(trace, spanFlag.fault | spanFlag.error | spanFlag.throttle);
  return (
    <header className="trace-header">
      <div className="trace-heading">
        <h1>
          <span className={`verdict ${state}`}>
            <StateMark state={state} isSilent={status === undefined} /> {status ?? stateNames[state]}
          </span>
          {method !== undefined && <span className="method">{method}</span>}
          <span className="breaks">{title}</span>
        </h1>
        <div className="trace-actions">
          <CopyButton text={window.location.href} label="Copy link" />
          <Link
            className="button quiet"
            href={pageAddress("/compare", view, { own: { a: trace.id } })}
            title="Compare with another trace"
          >
            <Icon name="compare" size={14} /> Compare
          </Link>
          <Link className="button quiet" href={pageAddress("/traces", view, { filter: likeTrace(trace) })}>
            <Icon name="traces" size={14} /> Like this
          </Link>
          <ExportMenu trace={trace} />
          <DeleteTrace trace={trace} />
        </div>
      </div>
      <ul className="trace-facts tabular">
        <li>
          <b>{formatDuration(untilSeconds - trace.startSeconds)}</b>
          {trace.isPartial && " so far"}
        </li>
        <li>{plural(trace.count + trace.left, "span")}</li>
        <li>{plural(trace.services.length, "service")}</li>
        {failed > 0 && <li className="state-text fault">{failed.toLocaleString("en")} failed</li>}
        <li>started {formatMoment(trace.startSeconds)}</li>
        <li className="trace-id">
          <code>{trace.id}</code>
          <CopyButton text={trace.id} label="Copy id" />
        </li>
      </ul>
      <PathShares path={path} services={trace.services} />
      {trace.left > 0 && (
        <p className="partial">
          The first {plural(trace.count, "row")} are shown; {plural(trace.left, "more is", "more are")} in its
          documents.
        </p>
      )}
      {trace.isPartial && (
        <p className="partial" role="status">
          {partialReason(trace)} This page follows it.
        </p>
      )}
    </header>
  );
}

const mostShares = 8;

/** Whose time the trace waited for. Until that is known, and for whoever takes part without it, the services alone. */
function PathShares({ path, services }: { path: PathOfRows | undefined; services: readonly string[] }): ReactElement {
  const shares = path?.shares ?? [];
  const shown = shares.slice(0, mostShares);
  const names = new Set(shown.map(({ service }) => service));
  const others = services.filter((name) => !names.has(name));
  const room = Math.max(0, mostShares + 4 - shown.length);
  return (
    <div className="path-shares">
      {shown.length > 0 && (
        <div className="share-strip" aria-hidden="true">
          {shares.map(({ service, share }) => (
            <i key={service} style={{ width: `${share * 100}%`, background: serviceColour(service) }} />
          ))}
        </div>
      )}
      <ul className="service-legend" aria-label="Services, and their share of the critical path">
        {shown.map(({ service, seconds, share }) => (
          <li key={service} title={`${formatDuration(seconds)} of the critical path`}>
            <i className="swatch" style={{ color: serviceColour(service) }} />
            {service} <b className="tabular">{formatShare(share, 1)}</b>
          </li>
        ))}
        {others.slice(0, room).map((name) => (
          <li key={name} className="muted">
            <i className="swatch" style={{ color: serviceColour(name) }} />
            {name}
          </li>
        ))}
        {others.length > room && <li className="muted">and {others.length - room} more</li>}
      </ul>
    </div>
  );
}

function partialReason(trace: Skeleton): string {
  const running = countFlagged(trace, spanFlag.inProgress);
  const orphans = countFlagged(trace, spanFlag.orphan);
  if (orphans > 0) return `${plural(orphans, "subsegment")} came before what they belong to.`;
  if (running > 0) return `${plural(running, "span")} still ${running === 1 ? "runs" : "run"}.`;
  return "A called service has announced a segment that has not come yet.";
}
