import { memo, type ReactElement, type ReactNode } from "react";
import type { RepeatedCalls } from "../../analysis/repeated-calls.ts";
import { has, labelOf, rowState, serviceOf } from "../../analysis/row-facts.ts";
import { type SpanColumns, spanFlag } from "../../analysis/span-columns.ts";
import { formatDuration, plural } from "../ui/format.ts";
import { states } from "../ui/health-states.ts";
import { Icon } from "../ui/icon.tsx";
import { serviceColour } from "../ui/service-colour.ts";
import { StateMark } from "../ui/state-mark.tsx";
import { eachText, rowSeconds } from "./row-words.ts";

export interface WaterfallRowProps {
  readonly id: string;
  readonly trace: SpanColumns;
  /** A row, or siblings that are folded into one. */
  readonly entry: number;
  readonly group: RepeatedCalls | undefined;
  /** Level of the row on top, where a subtree is looked at. */
  readonly topDepth: number;
  /** Among those that are seen, from 1. */
  readonly position: number;
  readonly top: number;
  /** Set in by one: its group's line is above it. */
  readonly isMember: boolean;
  /** `undefined` for what has nothing below it. */
  readonly isExpanded: boolean | undefined;
  readonly isActive: boolean;
  readonly isOpen: boolean;
  readonly isMatch: boolean;
  readonly isFaint: boolean;
  readonly untilSeconds: number;
  readonly onToggle: (entry: number) => void;
  readonly onOpen: (entry: number) => void;
}

/** Deeper rows are no longer set in further: their names would have no room. */
const mostIndents = 14;

/** One line of the waterfall: where it belongs, what it did, how long it took. Its bar is on the canvas above it. */
export const WaterfallRow = memo(function WaterfallRow(props: WaterfallRowProps): ReactElement {
  const { id, trace, entry, group, position, top, isExpanded, isActive, isOpen, isMatch, isFaint, untilSeconds } =
    props;
  const row = group?.rows[0] ?? entry;
  const depth = trace.depths[row]! - props.topDepth + (props.isMember ? 1 : 0);
  const state = group === undefined ? rowState(trace, row) : worstOf(trace, group);
  const seconds = group?.totalSeconds ?? rowSeconds(trace, row, untilSeconds);
  const classes = [
    ...["span-row", state, isActive && "active", isOpen && "open", isMatch && "match", isFaint && "faint"],
  ].filter(Boolean);
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the treegrid around it has the keys
    // biome-ignore lint/a11y/useSemanticElements: a table's rows cannot be placed freely
    // biome-ignore lint/a11y/useFocusableInteractive: the treegrid has the focus and says which row is active
    <div
      id={id}
      role="row"
      className={classes.join(" ")}
      style={{ transform: `translateY(${top}px)` }}
      aria-level={depth + 1}
      aria-rowindex={position}
      aria-expanded={isExpanded}
      aria-selected={isActive}
      onClick={() => props.onOpen(entry)}
    >
      {/* biome-ignore lint/a11y/useSemanticElements: as above */}
      {/* biome-ignore lint/a11y/useFocusableInteractive: as above */}
      <span role="gridcell" className="span-name" style={{ paddingLeft: 8 + Math.min(depth, mostIndents) * 14 }}>
        {isExpanded !== undefined ? (
          <button
            type="button"
            className="fold"
            tabIndex={-1}
            aria-label={isExpanded ? "Fold" : "Unfold"}
            onClick={(event) => {
              event.stopPropagation();
              props.onToggle(entry);
            }}
          >
            <Icon name={isExpanded ? "down" : "right"} size={12} />
          </button>
        ) : (
          <span className="fold" />
        )}
        <i className={swatchClass(trace, row)} style={{ color: serviceColour(serviceOf(trace, row)) }} />
        {group === undefined ? (
          <RowName trace={trace} row={row} isFoldedUp={isExpanded === false} />
        ) : (
          <GroupName trace={trace} group={group} />
        )}
        {state !== "ok" && <StateMark state={state} />}
      </span>
      {/* biome-ignore lint/a11y/useSemanticElements: as above */}
      {/* biome-ignore lint/a11y/useFocusableInteractive: as above */}
      <span role="gridcell" className="span-track">
        <span className="unseen">from {formatDuration(trace.starts[row]! - trace.startSeconds)}</span>
      </span>
      {/* biome-ignore lint/a11y/useSemanticElements: as above */}
      {/* biome-ignore lint/a11y/useFocusableInteractive: as above */}
      <span role="gridcell" className="span-time tabular">
        {group !== undefined && "Σ "}
        {formatDuration(seconds)}
        {has(trace, row, spanFlag.inProgress) && " …"}
      </span>
    </div>
  );
});

function RowName({ trace, row, isFoldedUp }: { trace: SpanColumns; row: number; isFoldedUp: boolean }): ReactNode {
  const { name, detail } = labelOf(trace, row);
  return (
    <>
      <b>{name}</b>
      <span className="muted span-detail">{detail}</span>
      {isFoldedUp && <span className="tag">{trace.sizes[row]! - 1}</span>}
      {has(trace, row, spanFlag.orphan) && <span className="tag warn">parent missing</span>}
      {has(trace, row, spanFlag.skewed) && (
        <span className="tag warn" title="It says that it began before its caller called: their clocks differ.">
          clock skew
        </span>
      )}
      {has(trace, row, spanFlag.inProgress) && <span className="tag">in progress</span>}
      {has(trace, row, spanFlag.inferred) && <span className="unseen">seen by its caller only</span>}
    </>
  );
}

function GroupName({ trace, group }: { trace: SpanColumns; group: RepeatedCalls }): ReactNode {
  return (
    <>
      <b>
        {group.rows.length} × {group.name}
      </b>
      <span className="muted span-detail">{eachText(group)}</span>
      {group.suspectsNPlusOne && (
        <span
          className="tag warn"
          title={`${plural(group.rows.length, "call")} one after another: one could perhaps fetch all.`}
        >
          N+1?
        </span>
      )}
      <span className="unseen">{labelOf(trace, group.rows[0]!).detail}</span>
    </>
  );
}

function swatchClass(trace: SpanColumns, row: number): string {
  if (has(trace, row, spanFlag.segment)) return "swatch";
  return has(trace, row, spanFlag.inferred) ? "swatch inferred" : "swatch small";
}

function worstOf(trace: SpanColumns, { rows }: RepeatedCalls): (typeof states)[number] {
  const worst = rows.reduce((most, row) => Math.max(most, states.indexOf(rowState(trace, row))), 0);
  return states[worst]!;
}
