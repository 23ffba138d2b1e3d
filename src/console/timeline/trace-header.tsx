import type { ReactElement } from "react";
import { CopyButton } from "../ui/copy-button.tsx";
import { formatDuration, formatMoment, plural } from "../ui/format.ts";
import { serviceColour } from "../ui/service-colour.ts";
import { StateMark, stateNames } from "../ui/state-mark.tsx";
import { drawnUntil, type TraceWords } from "./trace-words.ts";
import type { LoadedTrace } from "./use-trace.ts";

export interface TraceHeaderProps {
  readonly trace: LoadedTrace;
  readonly words: TraceWords;
  readonly nowSeconds: number;
}

/** What a trace is about, how it went, how long it took, and who took part. */
export function TraceHeader({ trace, words, nowSeconds }: TraceHeaderProps): ReactElement {
  const { tree } = trace;
  const { method, title, status, state } = words;
  const seconds = drawnUntil(tree, nowSeconds) - tree.startSeconds;
  return (
    <header className="trace-header">
      <h1>
        <span className={`verdict ${state}`}>
          <StateMark state={state} isSilent={status === undefined} /> {status ?? stateNames[state]}
        </span>
        {method !== undefined && <span className="method">{method}</span>}
        <span className="breaks">{title}</span>
      </h1>
      <ul className="trace-facts tabular">
        <li>
          <b>{formatDuration(seconds)}</b>
          {tree.isPartial && " so far"}
        </li>
        <li>{plural(tree.rows.length, "span")}</li>
        <li>{plural(tree.services.length, "service")}</li>
        <li>started {formatMoment(tree.startSeconds)}</li>
        <li className="trace-id">
          <code>{trace.id}</code>
          <CopyButton text={trace.id} label="Copy id" />
        </li>
      </ul>
      <ul className="service-legend" aria-label="Services">
        {tree.services.slice(0, 24).map((name) => (
          <li key={name}>
            <i className="swatch" style={{ color: serviceColour(name) }} />
            {name}
          </li>
        ))}
        {tree.services.length > 24 && <li className="muted">and {tree.services.length - 24} more</li>}
      </ul>
      {tree.isPartial && (
        <p className="partial" role="status">
          {partialReason(trace)} This page follows it.
        </p>
      )}
    </header>
  );
}

function partialReason({ tree }: LoadedTrace): string {
  const running = tree.rows.filter((row) => row.segment.inProgress).length;
  const orphans = tree.rows.filter((row) => row.isOrphan).length;
  if (orphans > 0) return `${plural(orphans, "subsegment")} came before what they belong to.`;
  if (running > 0) return `${plural(running, "span")} still ${running === 1 ? "runs" : "run"}.`;
  return "A called service has announced a segment that has not come yet.";
}
