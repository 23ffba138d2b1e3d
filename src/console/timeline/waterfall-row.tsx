import { memo, type ReactElement } from "react";
import { spanDetail } from "../../analysis/span-detail.ts";
import type { SpanRow } from "../../analysis/span-tree.ts";
import { formatDuration } from "../ui/format.ts";
import { Icon } from "../ui/icon.tsx";
import { serviceColour } from "../ui/service-colour.ts";
import { StateMark } from "../ui/state-mark.tsx";
import { spanSeconds } from "./span-words.ts";

export interface WaterfallRowProps {
  readonly id: string;
  readonly row: SpanRow;
  /** Among those that are not folded away, from 1. */
  readonly position: number;
  readonly top: number;
  readonly isFolded: boolean;
  readonly isActive: boolean;
  readonly isOpen: boolean;
  readonly isMatch: boolean;
  readonly startSeconds: number;
  readonly spanSeconds: number;
  readonly nowSeconds: number;
  readonly onFold: (ids: readonly string[], isFolded: boolean) => void;
  readonly onOpen: (index: number) => void;
}

/** Deeper rows are no longer set in further: their names would have no room. */
const mostIndents = 14;

/** One segment or subsegment: where it belongs, what it did, when and how long. */
export const WaterfallRow = memo(function WaterfallRow(props: WaterfallRowProps): ReactElement {
  const { id, row, position, top, isFolded, isActive, isOpen, isMatch, nowSeconds, onFold, onOpen } = props;
  const { segment, inferred, isOrphan, state } = row;
  const colour = serviceColour(row.service);
  const hasChildren = row.size > 1;
  const seconds = spanSeconds(row, nowSeconds);
  const share = (value: number): number => (props.spanSeconds <= 0 ? 0 : value / props.spanSeconds);
  const left = share(segment.startSeconds - props.startSeconds);
  const width = share(seconds);
  const overhang = share(row.lastEndSeconds - (segment.startSeconds + seconds));
  const classes = ["span-row", state, isActive && "active", isOpen && "open", isMatch && "match"].filter(Boolean);
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the treegrid around it has the keys
    // biome-ignore lint/a11y/useSemanticElements: a table's rows cannot be placed freely
    // biome-ignore lint/a11y/useFocusableInteractive: the treegrid has the focus and says which row is active
    <div
      id={id}
      role="row"
      className={classes.join(" ")}
      style={{ transform: `translateY(${top}px)` }}
      aria-level={row.depth + 1}
      aria-rowindex={position}
      aria-expanded={hasChildren ? !isFolded : undefined}
      aria-selected={isActive}
      onClick={() => onOpen(row.index)}
    >
      {/* biome-ignore lint/a11y/useSemanticElements: as above */}
      {/* biome-ignore lint/a11y/useFocusableInteractive: as above */}
      <span role="gridcell" className="span-name" style={{ paddingLeft: 8 + Math.min(row.depth, mostIndents) * 14 }}>
        {hasChildren ? (
          <button
            type="button"
            className="fold"
            tabIndex={-1}
            aria-label={isFolded ? "Unfold" : "Fold"}
            onClick={(event) => {
              event.stopPropagation();
              onFold([segment.id], !isFolded);
            }}
          >
            <Icon name={isFolded ? "right" : "down"} size={12} />
          </button>
        ) : (
          <span className="fold" />
        )}
        <i
          className={row.kind === "segment" ? "swatch" : inferred ? "swatch inferred" : "swatch small"}
          style={{ color: colour }}
        />
        <b>{segment.name}</b>
        {state !== "ok" && <StateMark state={state} />}
        <span className="muted span-detail">{spanDetail(segment)}</span>
        {isFolded && <span className="tag">{row.size - 1}</span>}
        {isOrphan && <span className="tag warn">parent missing</span>}
        {segment.inProgress && <span className="tag">in progress</span>}
        {inferred && <span className="unseen">seen by its caller only</span>}
      </span>
      {/* biome-ignore lint/a11y/useSemanticElements: as above */}
      {/* biome-ignore lint/a11y/useFocusableInteractive: as above */}
      <span role="gridcell" className="span-track">
        <span
          className={`span-bar${segment.inProgress ? " running" : ""}${inferred ? " inferred" : ""}`}
          style={{ left: `${left * 100}%`, width: `${width * 100}%`, color: colour }}
        />
        {overhang > 0.001 && (
          <span
            className="span-overhang"
            style={{ left: `${(left + width) * 100}%`, width: `${overhang * 100}%`, color: colour }}
          />
        )}
      </span>
      {/* biome-ignore lint/a11y/useSemanticElements: as above */}
      {/* biome-ignore lint/a11y/useFocusableInteractive: as above */}
      <span role="gridcell" className="span-time tabular">
        {formatDuration(seconds)}
        {segment.inProgress && " …"}
      </span>
    </div>
  );
});
