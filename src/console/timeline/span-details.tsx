import { useQuery } from "@tanstack/react-query";
import { type ReactElement, useEffect, useRef } from "react";
import { has, labelOf, rowState, serviceOf } from "../../analysis/row-facts.ts";
import { endOf } from "../../analysis/self-time.ts";
import type { Skeleton } from "../../analysis/skeleton.ts";
import { type SpanColumns, spanFlag } from "../../analysis/span-columns.ts";
import { useView } from "../address/use-view.ts";
import { Failure } from "../ui/failure.tsx";
import { formatDuration, formatMoment, formatShare } from "../ui/format.ts";
import { Icon } from "../ui/icon.tsx";
import { serviceColour } from "../ui/service-colour.ts";
import { StateMark, stateNames } from "../ui/state-mark.tsx";
import { CopyLinkButton } from "./copy-link-button.tsx";
import { FieldList } from "./field-list.tsx";
import { Peers } from "./peers.tsx";
import { readSegment } from "./read-skeleton.ts";
import { rowSeconds } from "./row-words.ts";
import { SegmentParts } from "./segment-parts.tsx";
import "../styles/span-details.css";

export interface SpanDetailsProps {
  readonly trace: Skeleton;
  readonly row: number;
  readonly untilSeconds: number;
  readonly onClose: () => void;
  /** Looks at the row's subtree alone. */
  readonly onFocus: () => void;
  readonly onRow: (row: number) => void;
}

/** All that a segment or subsegment says of itself: at once what is known of every row, then what it alone says. */
export function SpanDetails(props: SpanDetailsProps): ReactElement {
  const { trace, row, untilSeconds, onClose, onFocus, onRow } = props;
  const { view } = useView();
  const body = useRef<HTMLDivElement>(null);
  const id = trace.ids.at(row);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another row is read from its top
  useEffect(() => {
    // In braces: newer browsers answer a promise, which React would take for a clean-up.
    body.current?.scrollTo(0, 0);
  }, [id]);
  const { data, error } = useQuery({
    queryKey: ["trace-segment", trace.id, trace.revision, id],
    queryFn: ({ signal }) => readSegment(trace, id, signal),
    gcTime: 10_000,
  });
  const name = labelOf(trace, row).name;
  const service = serviceOf(trace, row);
  const seconds = rowSeconds(trace, row, untilSeconds);
  return (
    <aside
      className="drawer span-details"
      aria-label="Details"
      onKeyDown={(event) => {
        if (event.key !== "Escape") return;
        event.stopPropagation();
        onClose();
      }}
    >
      <header>
        <h2>
          <i className="swatch" style={{ color: serviceColour(service) }} />
          <span>{name}</span>
        </h2>
        <p className="muted">{whatItIs(trace, row, service)}</p>
        <button type="button" className="quiet icon-only" aria-label="Close" onClick={onClose}>
          <Icon name="close" />
        </button>
      </header>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: who has no mouse scrolls it with the arrow keys */}
      <section className="drawer-body" ref={body} tabIndex={0} aria-label={`Details of ${name}`}>
        <p className="details-actions">
          <CopyLinkButton segmentId={id} />
          {trace.sizes[row]! > 1 && (
            <button type="button" className="quiet" onClick={onFocus} title="Look at this part alone (.)">
              <Icon name="fit" size={14} /> Focus
            </button>
          )}
          {trace.parents[row]! >= 0 && (
            <button type="button" className="quiet" onClick={() => onRow(trace.parents[row]!)}>
              <Icon name="up" size={14} /> Parent
            </button>
          )}
        </p>
        <Overview trace={trace} row={row} seconds={seconds} />
        <Peers trace={trace} row={row} seconds={seconds} />
        {has(trace, row, spanFlag.skewed) && (
          <p className="note">
            It says that it began before its caller called. The clocks of the two machines differ; times inside of each
            are right.
          </p>
        )}
        {error !== null && data === undefined && <Failure error={error} what="Its details cannot be read" />}
        {error === null && data === undefined && <span className="skeleton line wide" aria-busy="true" />}
        {data !== undefined && <SegmentParts details={data} view={view} traceStart={trace.startSeconds} />}
      </section>
    </aside>
  );
}

function Overview({ trace, row, seconds }: { trace: Skeleton; row: number; seconds: number }): ReactElement {
  const state = rowState(trace, row);
  const isRunning = has(trace, row, spanFlag.inProgress);
  const own = isRunning ? undefined : ownSeconds(trace, row);
  const late = trace.lastEnds[row]! - endOf(trace, row);
  return (
    <FieldList
      fields={[
        [
          "Status",
          <span key="status" className={`state-text ${state}`}>
            <StateMark state={state} isSilent /> {isRunning ? "In progress" : stateNames[state]}
          </span>,
        ],
        ["Duration", formatDuration(seconds)],
        ["Own time", own === undefined ? undefined : `${formatDuration(own)} (${formatShare(own, seconds)})`],
        ["Starts at", `${formatDuration(trace.starts[row]! - trace.startSeconds)} of the trace`],
        ["Started", formatMoment(trace.starts[row]!)],
        ["Outlived by", !isRunning && late > 0.001 ? `what is below it, by ${formatDuration(late)}` : undefined],
        ["Id", <code key="id">{trace.ids.at(row)}</code>],
      ]}
    />
  );
}

/** Of one row: without what its children cover. */
function ownSeconds(trace: SpanColumns, row: number): number {
  const end = endOf(trace, row);
  let own = 0;
  let covered = trace.starts[row]!;
  const last = row + trace.sizes[row]!;
  for (let child = row + 1; child < last; child += trace.sizes[child]!) {
    const from = Math.min(trace.starts[child]!, end);
    if (from > covered) own += from - covered;
    covered = Math.max(covered, Math.min(endOf(trace, child), end));
  }
  return own + Math.max(0, end - covered);
}

function whatItIs(trace: Skeleton, row: number, service: string): string {
  if (has(trace, row, spanFlag.segment)) return "Segment";
  if (has(trace, row, spanFlag.inferred)) return "Subsegment · the callee has sent nothing itself";
  return has(trace, row, spanFlag.orphan) ? "Subsegment · its segment has not arrived" : `Subsegment of ${service}`;
}
